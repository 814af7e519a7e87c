// A notebook's page was once all of it: an old address leads to the chapter that has the section.
"use strict";

const moved = JSON.parse(document.getElementById("moved").textContent);

const follow = () => {
  const anchor = decodeURIComponent(location.hash.slice(1));
  const page = moved.pages[moved.ways[anchor] ?? moved.ways[anchor.replace(/-n\d+$/, "-n")]];
  if (page) location.replace(page + location.hash);
};

addEventListener("hashchange", follow);
follow();
