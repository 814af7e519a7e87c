// How formulas are set: `site.js` asks for MathJax when the page is there, in parts, so that none of
// them holds a telephone up for long.
"use strict";

// The menu of a formula, and the voice that it can turn on, are for who has room for a menu.
const WITH_MENU = matchMedia("(min-width: 48.01rem)").matches;

window.MathJax = Object.assign(window.MathJax || {}, {
  loader: {
    load: ["core", "input/tex", "output/chtml", "a11y/assistive-mml", ...(WITH_MENU ? ["ui/menu"] : [])],
  },
  startup: {
    // The page says when, and one formula at a time.
    typeset: false,
    async ready() {
      await new Promise((resolve) => { (window.requestIdleCallback || setTimeout)(resolve); });
      MathJax.startup.defaultReady();
      measureOnce(MathJax.startup.document.outputJax);
      const menu = MathJax.startup.document.menu;
      if (menu) waiting(menu);
    },
  },
});

// A reader may turn on MathJax's explorer, which reads formulas aloud. It loads its rules only
// then, and MathJax 3.2 sets the formulas anew without waiting for them: they would vanish.
const waiting = (menu) => {
  const rerender = menu.rerender.bind(menu);
  menu.rerender = (start) => MathJax._.mathjax.mathjax.handleRetriesFor(() => rerender(start));
};

// The letters around a formula are of one size in all the page. MathJax would measure them at each
// formula, and each time the page would be laid out anew.
const measureOnce = (jax) => {
  const measured = new Map();
  const { METRICS } = MathJax._.core.MathItem.STATE;
  jax.getMetrics = (html) => {
    jax.setDocument(html);
    for (const math of html.math) {
      if (math.state() >= METRICS || !math.start.node?.parentNode) continue;
      if (!measured.has(math.display)) measured.set(math.display, jax.getMetricsFor(math.start.node.parentNode, math.display));
      const { em, ex, containerWidth, lineWidth, scale } = measured.get(math.display);
      math.setMetrics(em, ex, containerWidth, lineWidth, scale);
      math.state(METRICS);
    }
  };
};
