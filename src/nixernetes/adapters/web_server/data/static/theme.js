// Before anything is drawn: what was chosen the last time, else what the system says.
(() => {
  let chosen = "";
  try {
    chosen = localStorage.getItem("nixernetes-theme") ?? "";
  } catch {
    // no storage: the system decides
  }
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
})();
