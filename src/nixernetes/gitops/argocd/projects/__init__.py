"""AppProjects: what teams may deploy, where and when."""
