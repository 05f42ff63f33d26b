"use strict";
// The page works without this file; it saves steps for those who have it.

const byId = (id) => document.getElementById(id);
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// The pane beside the answer shows the quote in its place, and nothing else moves.
function showQuote(follow) {
  const pane = byId("pane");
  const quote = byId("quote");
  if (!pane || !quote || !pane.contains(quote)) return;
  if (pane.scrollHeight > pane.clientHeight + 1) {
    const down = quote.getBoundingClientRect().top - pane.getBoundingClientRect().top;
    pane.scrollTop += down - pane.clientHeight / 3;
  }
  if (follow) {
    const narrow = matchMedia("(max-width: 59.99rem)").matches;
    if (narrow) quote.scrollIntoView({ block: "center", behavior: calm() ? "auto" : "smooth" });
    byId("pane-title")?.focus({ preventScroll: true });
  }
}

document.addEventListener("htmx:after:swap", (event) => {
  const target = event.detail?.ctx?.target ?? event.target;
  if (target?.id === "reply") {
    const box = target.firstElementChild?.dataset.box;
    if (box) {
      byId("q").value = box;
      document.title = `${box} – sourcebot`;
    }
    showQuote(false);
    byId("reply-title")?.focus({ preventScroll: true });
  } else if (target?.id === "pane") {
    showQuote(true);
  }
  offerCopies();
});

// Beside each link that saves quotes, a button that copies them.
function offerCopies() {
  if (!navigator.clipboard) return;
  for (const link of document.querySelectorAll("a[data-copy]")) {
    if (link.nextElementSibling?.matches("button.copy")) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "plain copy";
    button.textContent = link.dataset.copy;
    button.setAttribute("aria-label", `${link.textContent}: ${button.textContent}`);
    button.addEventListener("click", async () => {
      const answer = await fetch(link.href);
      if (answer.ok) {
        await navigator.clipboard.writeText(await answer.text());
        button.textContent = "✓";
      }
    });
    link.after(" ", button);
  }
}

// Files may be dropped anywhere in the field.
function takeDrops() {
  for (const field of document.querySelectorAll("[data-drop]")) {
    const input = byId(field.dataset.drop);
    const over = (event, is) => {
      event.preventDefault();
      field.classList.toggle("over", is);
    };
    field.addEventListener("dragover", (event) => over(event, true));
    field.addEventListener("dragleave", (event) => over(event, false));
    field.addEventListener("drop", (event) => {
      over(event, false);
      input.files = event.dataTransfer.files;
    });
  }
}

// The server sends the progress of adding as it goes on.
function followJob() {
  const job = byId("job");
  if (!job?.dataset.events) return;
  const events = new EventSource(job.dataset.events);
  events.addEventListener("progress", (event) => {
    job.innerHTML = JSON.parse(event.data);
  });
  events.addEventListener("done", (event) => {
    job.innerHTML = JSON.parse(event.data);
    events.close();
    offerCopies();
  });
}

showQuote(false);
offerCopies();
takeDrops();
followJob();
