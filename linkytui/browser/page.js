// Before textual-serve's own script: where the screen is, how large its signs are, and what the page does beside it.
"use strict";
(() => {
  const COLUMNS = 46; // what a narrow screen is drawn for
  const ASPECT = 0.6; // of a sign's width to its height in the font
  const terminal = document.getElementById("terminal");

  const fitting = window.innerWidth / COLUMNS / ASPECT;
  terminal.dataset.fontSize = String(Math.max(6, Math.min(16, Math.floor(fitting * 2) / 2)));

  // Relative to this page, so that a proxy may put it anywhere.
  const light = window.matchMedia("(prefers-color-scheme: light)").matches;
  const place = new URL(light ? "ws/light" : "ws/dark", window.location.href);
  place.protocol = place.protocol === "https:" ? "wss:" : "ws:";
  place.search = place.hash = "";
  terminal.dataset.sessionWebsocketUrl = place.href;

  let socket = null;
  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    constructor(...given) {
      super(...given);
      socket = this;
      this.addEventListener("close", (event) => {
        if (event.reason) document.getElementById("reason").textContent = event.reason;
      });
    }
    send(data) {
      if (this.readyState === Plain.OPEN) super.send(data); // before and after, there is nobody to hear it
    }
  };

  const again = () => window.location.reload();
  document.getElementById("again").addEventListener("click", again);
  document.addEventListener("visibilitychange", () => {
    // A phone that slept has lost its connection.
    if (!document.hidden && document.body.classList.contains("-closed")) again();
  });

  const fail = (reason) => {
    document.getElementById("reason").textContent = reason;
    document.body.classList.add("-closed");
  };
  window.addEventListener("error", (event) => fail(event.message));
  window.addEventListener("unhandledrejection", (event) => fail(String(event.reason)));

  const keys = document.getElementById("keys");
  if (window.matchMedia("(pointer: coarse)").matches) {
    keys.hidden = false;
    keys.addEventListener("click", (event) => {
      const key = event.target.dataset.key;
      if (key && socket) socket.send(JSON.stringify(["stdin", key]));
    });
  }

  window.linkytuiBegan = () => {
    const typed = document.querySelector(".xterm-helper-textarea");
    if (!typed) return;
    // A tap is a click on the screen; the keyboard comes when it is asked for.
    if (!keys.hidden) typed.inputMode = "none";
    typed.focus();
    document.getElementById("keyboard").addEventListener("click", () => {
      typed.inputMode = typed.inputMode === "none" ? "text" : "none";
      typed.blur();
      typed.focus();
    });
  };
})();
