// Time and faults: a virtual clock is stepped, run and jumped; images and pods are let fail, and are well again.

import { change, isBounded, mayAct } from "/static/server.js";
import { changed, known, load, store } from "/static/store.js";
import { h } from "/static/view.js";
import { icon, mark, moment } from "/static/words.js";

const JUMPS = ["+1m", "+10m", "+1h"];
const SPEEDS = [1, 10, 60, 600];
const FAILURES = [
  ["ImagePullBackOff", "it cannot be pulled; running pods keep running"],
  ["CrashLoopBackOff", "its containers crash"],
  ["NeverReady", "they run, and never become ready"],
  ["Unschedulable", "its pods fit on no node"],
  ["Error", "they end with an error"],
];

const mayFault = mayAct && !isBounded; // time and faults are for all
let isAsking = false;
let isStale = false;

const clock = () => known("clock").value;

/** Ask how time goes on; where the machine's clock goes, once is enough unless something is let fail. */
export async function refreshTime() {
  const now = clock();
  if (now && !now.isVirtual && !now.faults.length) return;
  isStale = true;
  if (isAsking) return;
  isAsking = true;
  while (isStale) {
    isStale = false;
    await load("clock");
    await new Promise((wake) => setTimeout(wake, 100));
  }
  isAsking = false;
}

async function order(name, body) {
  try {
    store.answers.set("clock?", { value: await change(name, body), problem: "", told: Date.now() });
  } catch (error) {
    store.notices = [{ title: "Not done", state: "failed", text: error.message, waits: "", lines: [], rows: [] }, ...store.notices].slice(0, 4);
  }
  changed();
}

const steer = (text, speed = 1) => order("clock", { order: text, speed });

function button(label, text, title, isOff = false) {
  return h("button", { type: "button", title, onclick: () => steer(text), disabled: isOff }, label);
}

function state(now) {
  if (now.goal) return ["progressing", `on the way to ${now.goal}`];
  if (now.speed) return ["progressing", now.speed === 1 ? "runs" : `runs, ${now.speed} times as fast`];
  return ["suspended", "paused"];
}

function controls(now) {
  const moves = now.goal || now.speed;
  const chosen = (event) => steer("run", Number(event.target.value));
  return h(
    "span",
    { class: "moves", role: "toolbar", "aria-label": "Time" },
    moves ? h("button", { type: "button", title: "Pause (o)", onclick: () => steer("pause") }, icon("pause"), "Pause") : h("button", { type: "button", title: "Run (o)", onclick: () => steer("run", 1) }, icon("play"), "Run"),
    now.speed ? h("select", { "aria-label": "Speed", value: `${now.speed}`, onchange: chosen }, SPEEDS.map((speed) => h("option", { value: `${speed}` }, `${speed}×`))) : null,
    button("Step", "step", "To the next moment at which anything is due (.)", !now.next),
    button("Next event", "next", "To the next event of a controller (>)", !now.next),
    button("Settle", "settle", "Until everything is ready, or cannot get further", !now.next),
    JUMPS.map((jump) => button(jump, jump, `${jump.slice(1)} later`)),
  );
}

function fault({ image, how }) {
  const heal = () => order("faults", { do: "heal", image });
  return h("li", {}, mark("failed", how), h("span", {}, h("code", {}, image), ` ${how}`), mayFault ? h("button", { type: "button", onclick: heal }, "Heal") : null);
}

/** Describe the strip below the head of the page; null where time goes by itself and nothing is let fail. */
export function timeStrip() {
  const now = clock();
  if (!now || (!now.isVirtual && !now.faults.length)) return null;
  const [mood, words] = state(now);
  return h(
    "section",
    { class: "time-strip", "aria-label": "Time and faults" },
    now.isVirtual ? [h("span", { class: "now" }, mark(mood, words), h("strong", {}, now.time.replace("T", " ").replace("Z", "")), h("span", { class: "soft" }, words), now.next && !now.goal && !now.speed ? h("span", { class: "faint" }, "next ", moment(now.next)) : null), mayFault ? controls(now) : null] : null,
    now.faults.length ? h("ul", { class: "faults", "aria-label": "Images that fail" }, now.faults.map(fault)) : null,
  );
}

/** Open the dialog that lets an image or a pod fail. */
export function proposeFault(about) {
  store.dialog = { kind: "fault", ...about, how: about.pod ? "CrashLoopBackOff" : "ImagePullBackOff", back: document.activeElement };
  changed();
}

/** Describe that dialog. */
export function faultDialog(dialog, close) {
  const { pod, images } = dialog;
  const image = dialog.image ?? images?.[0] ?? "";
  const run = () => {
    close();
    order("faults", pod ? { do: "fail", pod, how: dialog.how } : { do: "fail", image: dialog.image ?? image, how: dialog.how });
  };
  const way = ([how, hint]) =>
    h("label", { class: "option" }, h("input", { type: "radio", name: "how", value: how, checked: dialog.how === how, onchange: () => Object.assign(dialog, { how }) }), h("span", {}, how, h("small", {}, hint)));
  return [
    h("h2", { id: "dialog-title" }, pod ? `Break ${pod.name}` : "Let an image fail"),
    h("p", {}, pod ? "The simulated kubelet makes this pod fail until you heal it, or it is replaced. Watch how the engine reacts." : "The simulated kubelet makes pods with this image fail, in every cluster, until you heal it. A pattern matches several: shop:*."),
    pod ? null : h("label", { class: "option" }, h("span", {}, "Image"), h("input", { type: "text", class: "wide", value: image, maxlength: 500, spellcheck: "false", oninput: (event) => Object.assign(dialog, { image: event.target.value }) })),
    h("fieldset", { class: "options" }, h("legend", {}, "How"), FAILURES.filter(([how]) => !pod || how !== "ImagePullBackOff").map(way)),
    h("div", { class: "buttons" }, h("button", { type: "button", onclick: close }, "Cancel"), h("button", { type: "button", class: "primary danger", onclick: run, "data-first": true }, pod ? "Break it" : "Let it fail")),
  ];
}

export const healPod = (pod) => order("faults", { do: "heal", pod });

/** What keys do about time; they do nothing where it goes by itself. */
export const timeKeys = {
  ".": () => steer("step"),
  ">": () => steer("next"),
  o: () => steer(clock().goal || clock().speed ? "pause" : "run"),
};
export const maySteer = () => mayFault && clock()?.isVirtual;
