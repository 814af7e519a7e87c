// A reader may turn on MathJax's explorer, which reads formulas aloud. It loads its rules only
// then, and MathJax 3.2 sets the formulas anew without waiting for them: they would vanish.
"use strict";

window.MathJax = Object.assign(window.MathJax || {}, {
  startup: {
    // The page says when, and one formula at a time.
    typeset: false,
    ready() {
      MathJax.startup.defaultReady();
      const menu = MathJax.startup.document.menu;
      const rerender = menu.rerender.bind(menu);
      menu.rerender = (start) => MathJax._.mathjax.mathjax.handleRetriesFor(() => rerender(start));
    },
  },
});
