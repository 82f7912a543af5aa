// After textual-serve's own script, which measures the font when the page has loaded: only once the font is there.
"use strict";
(() => {
  const begin = window.onload;
  window.onload = async (event) => {
    try {
      await Promise.all([document.fonts.load('16px "Roboto Mono"'), document.fonts.load('bold 16px "Roboto Mono"')]);
    } finally {
      begin(event);
      window.linkytuiBegan();
    }
  };
})();
