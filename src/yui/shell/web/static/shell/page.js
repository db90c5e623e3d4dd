/* The only script of our own; every page works without it.
   Shows print buttons, and moves the focus to what htmx has put in place after an action. */
(function () {
  "use strict";

  function prepare(root) {
    root.querySelectorAll("[data-print]").forEach(function (button) {
      button.hidden = false;
      button.addEventListener("click", function () {
        window.print();
      });
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    prepare(document);
  });

  document.addEventListener("htmx:afterSettle", function (event) {
    prepare(event.target);
    if (event.detail.boosted || event.target === document.body) {
      var mark = document.querySelector("[autofocus]");
      if (mark) {
        mark.focus();
        mark.scrollIntoView({ block: "start" });
      } else {
        document.getElementById("main").focus({ preventScroll: true });
        window.scrollTo(0, 0);
      }
    }
  });
})();
