/* A duty on a phone: taps are kept here until the server has them, so that an hour without a line loses nothing.
   What is kept are buttons and times, no names. Without this script the page's own forms do the same with a line. */
(function () {
  "use strict";

  const duty = document.querySelector("[data-duty]");
  const PREFIX = "yui-tap:";
  const SEND_MS = 8000;
  const LOOK_MS = 30000;
  let sending = false;

  if ("serviceWorker" in navigator && duty) {
    const out = encodeURIComponent(new URL(duty.dataset.out, location).pathname);
    // The first page was loaded before there was a worker to keep it.
    if (!navigator.serviceWorker.controller) {
      navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
    }
    navigator.serviceWorker.register(duty.dataset.worker + "?out=" + out, { scope: "/" }).catch(function () {});
  }
  if (!duty) return;

  /* ---- what is kept ---- */

  function mine() {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(PREFIX + duty.dataset.duty + ":"))
      .sort();
  }

  function read(key) {
    return JSON.parse(localStorage.getItem(key));
  }

  function keep(tap) {
    const keys = mine();
    // Numbered, not dated: a clock that is set back must not change the order.
    const next = keys.length ? Number(keys[keys.length - 1].split(":").pop()) + 1 : 0;
    localStorage.setItem(PREFIX + duty.dataset.duty + ":" + String(next).padStart(6, "0"), JSON.stringify(tap));
  }

  function newKey() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /* ---- what is shown ---- */

  const aboard = new Map();

  function split(words) {
    return (words || "").split(" ").filter(Boolean);
  }

  function show(id, text) {
    const place = document.getElementById(id);
    place.textContent = text;
    place.closest("[data-shown-with]").hidden = !text;
  }

  function words(name, value) {
    return duty.dataset[name].replace("{}", value);
  }

  /* Does to the page what the server would do; returns what is to be paid, where that is known. */
  function apply(tap) {
    if (tap.act === "break_begun" || tap.act === "break_ended") {
      document.querySelectorAll("[data-break]").forEach(function (form) {
        form.hidden = form.dataset.break === tap.act;
      });
      return null;
    }
    const stop = document.getElementById("stop-" + tap.demand + "-" + tap.step);
    let due = null;
    if (tap.act === "boarded") {
      aboard.forEach((_, other) => aboard.set(other, true));
      aboard.set(tap.demand, aboard.size > 0);
    } else if (tap.act === "alighted") {
      const fares = stop && stop.querySelector("[data-alone]");
      if (fares) due = Number(aboard.get(tap.demand) ? fares.dataset.shared : fares.dataset.alone);
      aboard.delete(tap.demand);
    }
    const gone = tap.act === "no_show" ? "[data-demand='" + tap.demand + "']" : null;
    (gone ? document.querySelectorAll(gone) : [stop]).forEach((one) => one && one.remove());
    const next = document.querySelector("#stops > li details");
    if (next) next.open = true;
    return due;
  }

  function tell() {
    const waiting = mine().length;
    show("waiting", waiting ? words("waiting", waiting) : "");
  }

  /* ---- sending ---- */

  async function post(tap) {
    const sent = new URLSearchParams(tap.fields);
    sent.set("ago_ms", String(Math.max(0, Date.now() - tap.at)));
    sent.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
    const answer = await fetch(duty.dataset.report, {
      method: "POST",
      body: sent,
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(SEND_MS),
    });
    const isJson = (answer.headers.get("Content-Type") || "").startsWith("application/json");
    return { answer: answer, told: isJson ? await answer.json() : null };
  }

  /* Sends what is kept, in its order. Whatever the server does not confirm stays. */
  async function send() {
    if (sending) return;
    sending = true;
    let last = null;
    try {
      for (let key = mine()[0]; key; key = mine()[0]) {
        const { answer, told } = await post(read(key));
        if (!told) {
          // Signed out, or the page is too old to be believed: nothing is lost, but somebody has to look.
          show("trouble", answer.status >= 500 ? "" : duty.dataset.signIn);
          return;
        }
        localStorage.removeItem(key);
        last = told;
      }
    } catch {
      return;
    } finally {
      sending = false;
      tell();
    }
    if (last) {
      sessionStorage.setItem(last.yen ? "yui-due" : "yui-told", last.yen ? last.yen.toLocaleString() : last.told);
      location.reload();
    }
  }

  async function look() {
    if (mine().length) {
      await send();
      return;
    }
    try {
      const answer = await fetch(duty.dataset.pulse, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(SEND_MS) });
      if (!answer.ok || answer.redirected) return;
      const now = await answer.json();
      const busy = duty.contains(document.activeElement) && document.activeElement.matches("input, select, textarea");
      if (!busy && (now.over || String(now.plan) !== duty.dataset.plan)) location.reload();
    } catch {
      /* No line: what is on the page counts. */
    }
  }

  function forget() {
    if ("caches" in window) caches.delete("yui-duty");
    const names = document.getElementById("stops");
    if (names) names.replaceChildren();
  }

  /* ---- hands ---- */

  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (form.action === new URL(duty.dataset.out, location).href) {
      if (mine().length && !window.confirm(words("unsent", mine().length))) event.preventDefault();
      else forget();
      return;
    }
    if (!form.matches("[data-tap]")) return;
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(form, event.submitter));
    delete fields.csrfmiddlewaretoken;
    fields.key = newKey();
    const tap = { act: fields.act, demand: fields.demand, step: fields.step, at: Date.now(), fields: fields };
    const due = apply(tap);
    if (due !== null) fields.told_yen = String(due);
    keep(tap);
    show("due", due === null ? "" : words("due", due.toLocaleString()));
    tell();
    document.getElementById("main").focus({ preventScroll: true });
    window.scrollTo(0, 0);
    send();
  });

  window.addEventListener("online", send);

  split(duty.dataset.aboard).forEach((demand) => aboard.set(demand, false));
  split(duty.dataset.sharing).forEach((demand) => aboard.set(demand, true));
  if (duty.dataset.over || Date.now() > Number(duty.dataset.keptUntil)) forget();
  mine().forEach((key) => apply(read(key)));
  const due = sessionStorage.getItem("yui-due");
  show("due", due ? words("due", due) : "");
  show("told", sessionStorage.getItem("yui-told") || "");
  sessionStorage.removeItem("yui-due");
  sessionStorage.removeItem("yui-told");
  tell();
  setInterval(look, LOOK_MS);
  send();
})();
