// Contents that open on a phone and follow the reader; the page reads the same without.
(() => {
  const nav = document.getElementById("contents");
  const button = document.getElementById("contents-toggle");
  button.hidden = false;
  nav.classList.add("scripted");
  const open = (yes) => {
    nav.classList.toggle("open", yes);
    button.setAttribute("aria-expanded", String(yes));
  };
  button.addEventListener("click", () => open(!nav.classList.contains("open")));
  nav.addEventListener("click", (event) => {
    if (event.target.closest("#contents-list a")) open(false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && nav.classList.contains("open")) {
      open(false);
      button.focus();
    }
  });

  // A link into a folded box opens the box.
  const unfold = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    const target = id && document.getElementById(id);
    for (let box = target; box; box = box.parentElement) {
      if (box.tagName === "DETAILS") box.open = true;
    }
    if (target) target.scrollIntoView();
  };
  addEventListener("hashchange", unfold);
  if (location.hash) unfold();
  addEventListener("beforeprint", () => {
    document.querySelectorAll("details.callout").forEach((box) => { box.open = true; });
  });

  // What a citation cites, under the pointer.
  document.querySelectorAll("main a[href^='#ref-']").forEach((link) => {
    const entry = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (entry) link.title = entry.textContent.trim().replace(/\s+/g, " ");
  });

  // Where the reader is, in the contents.
  const links = new Map();
  nav.querySelectorAll("#contents-list a[href^='#']").forEach((link) => {
    links.set(decodeURIComponent(link.hash.slice(1)), link);
  });
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      const link = links.get(entry.target.id);
      if (!link) continue;
      nav.querySelectorAll("[aria-current]").forEach((old) => old.removeAttribute("aria-current"));
      link.setAttribute("aria-current", "true");
    }
  }, { rootMargin: "0px 0px -75% 0px" });
  links.forEach((_, id) => {
    const section = document.getElementById(id);
    if (section) seen.observe(section.querySelector("h1, h2, h3, h4") ? section : section);
  });
})();
