// What the page does beyond being read: contents that open on a phone and follow the reader,
// search, links that can be copied, colours. Everything can be read without.
(() => {
  const nav = document.getElementById("contents");
  const button = document.getElementById("contents-toggle");
  const main = document.getElementById("main");
  const words = document.getElementById("page-words").dataset;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const made = (tag, properties, ...inside) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...inside);
    return element;
  };

  // What follows the first chapter stands as text in a noscript until the reader goes there, searches
  // or prints, or the browser has nothing else to do: most of the page, and at first in nobody's way.
  // Whoever adds to the page does so for each part that arrives, told by the event of this name.
  const waiting = new Set(all("noscript.later"));
  const layIn = (holder) => {
    if (!waiting.delete(holder)) return;
    const content = document.createElement("template");
    content.innerHTML = holder.textContent;
    const parts = [...content.content.children];
    holder.replaceWith(content.content);
    parts.forEach((part) => part.dispatchEvent(new CustomEvent("arrived", { bubbles: true })));
  };
  const layInAll = () => waiting.forEach(layIn);

  // At first no section outside the window is laid out (page.css). Each is in its turn, and at once
  // where the pointer or the keyboard comes: what opens there may be larger than its section.
  const far = () => all(
    ":scope > section:not(.is-laid-out), :scope > section > section:not(.is-laid-out)", main);
  const layOut = (section) => section.classList.add("is-laid-out");
  // Where the window goes to a place, what stands above has to have its height.
  const layOutAll = () => far().forEach(layOut);
  const layOutAround = ({ target }) => {
    for (let part = target.parentElement; part; part = part.parentElement) {
      if (part.tagName === "SECTION") layOut(part);
    }
  };
  addEventListener("pointerover", layOutAround, true);
  addEventListener("focusin", layOutAround, true);
  // The section that holds an element, as what is in a section belongs together; whether it came.
  const reach = (id) => {
    if (!id || !waiting.size) return false;
    const there = document.getElementById(id);
    if (there) {
      // its heading stands there, and what follows it may not
      all("noscript.later", there.closest("section") ?? there).forEach(layIn);
      return false;
    }
    const written = id.replaceAll("&", "&amp;").replaceAll('"', "&quot;")
      .replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    const pattern = new RegExp(`\\sid=["']?${written}["'\\s>]`);
    const within = [...waiting].find((holder) => pattern.test(holder.textContent));
    if (within) all("noscript.later", within.closest("section")).forEach(layIn);
    return Boolean(within);
  };
  const named = (hash) => decodeURIComponent(hash.slice(1));
  const linked = (link) => named(link.getAttribute("href"));  // a link of a drawing has no hash
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href^='#']");
    if (!link) return;
    reach(linked(link));
    layOutAll();
  }, true);
  addEventListener("beforeprint", layInAll);
  const layAll = () => {
    layInAll();
    layOutAll();
  };
  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "f") layAll();
  });
  // A page that is shown again goes back to where the reader was. The browser would go by pixels,
  // of a page that had other heights: what counts is the place, and how far it was from the top.
  const note = () => {
    const { left, width } = main.getBoundingClientRect();
    // in the middle of the window, where nothing stays in place while the page moves
    const part = document.elementFromPoint(left + Math.min(width, 600) / 2, innerHeight / 2)
      ?.closest("main [id]");
    if (part) history.replaceState({ at: part.id, top: part.getBoundingClientRect().top }, "");
  };
  let moved;
  addEventListener("scroll", () => {
    clearTimeout(moved);
    moved = setTimeout(note, 200);
  }, { passive: true });
  const comeBack = () => {
    const { at, top } = history.state ?? {};
    const part = at && document.getElementById(at);
    if (!part) return false;
    part.scrollIntoView({ behavior: "instant" });
    scrollBy(0, part.getBoundingClientRect().top - top);
    return true;
  };
  if (performance.getEntriesByType("navigation")[0]?.type !== "navigate") {
    layAll();
    history.scrollRestoration = "manual";
    addEventListener("load", () => setTimeout(() => { history.scrollRestoration = "auto"; }, 500));
    comeBack();
  }
  const whenIdle = (work) => window.requestIdleCallback
    ? requestIdleCallback(work, { timeout: 500 }) : setTimeout(work, 50);
  const goOn = () => {
    // parts first: what comes into a section that is not laid out is not laid out either
    const parts = [...waiting].slice(0, 4);
    parts.forEach(layIn);
    // and no section once the reader moves: what grows above would take the window along
    const [next] = parts.length || scrollY ? [] : far();
    if (next) layOut(next);
    if (parts.length || next) whenIdle(goOn);
  };
  addEventListener("load", () => whenIdle(goOn));

  // Contents
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

  // A link into a folded box opens the box, and one to a section the folded table in it.
  const unfold = () => {
    const id = named(location.hash);
    const came = reach(id);
    layOutAll();
    if (came) location.replace(location.hash);  // only by this does it become the target
    const target = id && document.getElementById(id);
    for (let box = target; box; box = box.parentElement) {
      if (box.tagName === "DETAILS") box.open = true;
    }
    target?.querySelectorAll?.(":scope > details.fold").forEach((box) => { box.open = true; });
    if (!comeBack() && target) target.scrollIntoView();
  };
  addEventListener("hashchange", unfold);
  if (location.hash) unfold();
  // Paper cannot be unfolded: what is folded is printed open, and is folded again after it.
  let unfolded = [];
  addEventListener("beforeprint", () => {
    unfolded = all("main details:not([open], .code-fold)");
    unfolded.forEach((box) => { box.open = true; });
  });
  addEventListener("afterprint", () => {
    unfolded.forEach((box) => { box.open = false; });
    unfolded = [];
  });

  // What a citation cites, under the pointer.
  main.addEventListener("pointerover", (event) => {
    const link = event.target.closest("a[href^='#ref-']");
    if (!link || link.title) return;
    const entry = document.getElementById(linked(link));
    if (entry) link.title = entry.textContent.trim().replace(/\s+/g, " ");
  });

  // Where the reader is, in the contents; the entry is kept in sight.
  const links = new Map();
  all("#contents-list a[href^='#']").forEach((link) => {
    links.set(linked(link), link);
  });
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      const link = entry.isIntersecting && links.get(entry.target.closest("section, [id]").id);
      if (!link) continue;
      all("[aria-current]", nav).forEach((old) => old.removeAttribute("aria-current"));
      link.setAttribute("aria-current", "true");
      const top = link.offsetTop - nav.clientHeight / 2;
      if (getComputedStyle(nav).position === "fixed") nav.scrollTo({ top });
    }
  }, { rootMargin: "0px 0px -75% 0px" });
  const follow = (part) => {
    for (const section of [part, ...all("[id]", part)]) {
      if (links.has(section.id)) seen.observe(section.querySelector("h1, h2, h3, h4") ?? section);
    }
  };

  // Light or dark: as the system says until the reader chooses.
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const scheme = made("button", { type: "button", id: "scheme", textContent: "◐" });
  scheme.setAttribute("aria-label", words.scheme);
  scheme.addEventListener("click", () => {
    const now = document.documentElement.dataset.scheme ?? (dark.matches ? "dark" : "light");
    document.documentElement.dataset.scheme = now === "dark" ? "light" : "dark";
  });

  // Search: every section, figure and table by its words, made ready at the first use.
  let index;
  const UNSAID = "script, style, .claim-card, .copy, .link-here";
  const said = (element) => {
    if (element.matches(UNSAID)) return "";
    if (!element.querySelector(UNSAID)) return element.textContent;
    const copyOf = element.cloneNode(true);
    all(UNSAID, copyOf).forEach((part) => part.remove());
    return copyOf.textContent;
  };
  const indexed = () => {
    const entries = [];
    all("h1, h2, h3, h4, figcaption", main).forEach((head) => {
      const holder = head.closest("figure, section");
      if (!holder?.id) return;
      let text = "";
      if (head.tagName === "FIGCAPTION") text = said(holder);
      else for (const child of holder.children) {
        if (child !== head && !["SECTION", "FIGURE"].includes(child.tagName)) text += ` ${said(child)}`;
      }
      const above = holder.parentElement?.closest("section")?.querySelector("h1, h2, h3")?.textContent ?? "";
      entries.push({ id: holder.id, title: head.textContent.trim().replace(/\s+/g, " "), above,
        low: text.toLowerCase().replace(/\s+/g, " "), text: text.replace(/\s+/g, " ").trim() });
    });
    return entries;
  };
  // whole words of a text around one of them
  const around = (text, word) => {
    const at = Math.max(0, text.toLowerCase().indexOf(word));
    const start = at < 60 ? 0 : text.indexOf(" ", at - 60) + 1;
    const end = text.lastIndexOf(" ", start + 140);
    return `${start ? "… " : ""}${text.slice(start, end > start ? end : start + 140).trim()} …`;
  };
  const box = made("input", { type: "search", id: "search", placeholder: words.search,
    autocomplete: "off" });
  const results = made("ul", { id: "search-results", hidden: true });
  box.setAttribute("aria-label", words.search);
  const told = made("p", { id: "search-told", className: "visually-hidden" });
  told.setAttribute("role", "status");
  const search = () => {
    const wanted = box.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    results.hidden = wanted.length === 0;
    results.replaceChildren();
    if (!wanted.length) { told.textContent = ""; return; }
    layInAll();
    index ??= indexed();
    const found = [];
    for (const entry of index) {
      const title = entry.title.toLowerCase();
      if (!wanted.every((word) => entry.low.includes(word) || title.includes(word))) continue;
      found.push([wanted.every((word) => title.includes(word)) ? 0 : 1, entry]);
    }
    found.sort((a, b) => a[0] - b[0]);
    told.textContent = found.length ? String(found.length) : words.nothingFound;
    for (const [, entry] of found.slice(0, 30)) {
      results.append(made("li", {}, made("a", { href: `#${encodeURIComponent(entry.id)}` },
        made("b", { textContent: entry.title }), " ",
        made("small", { textContent: `${entry.above} ${around(entry.text, wanted[0])}` }))));
    }
    if (!found.length) results.append(made("li", { textContent: words.nothingFound }));
  };
  box.addEventListener("input", search);
  results.addEventListener("click", (event) => {
    if (event.target.closest("a")) { results.hidden = true; open(false); }
  });
  document.getElementById("page-tools").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target === box) results.querySelector("a")?.click();
    if (event.key !== "Escape" || event.target === scheme) return;
    box.focus();
    box.value = "";
    search();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.target.closest("input, textarea")) {
      event.preventDefault();
      open(true);
      box.focus();
    }
  });
  document.getElementById("page-tools").append(box, scheme, told, results);

  // A link to every heading, figure and table; copying it where the browser allows.
  const copy = async (text, from) => {
    try {
      await navigator.clipboard.writeText(text);
      from.dataset.said = words.copied;
      setTimeout(() => delete from.dataset.said, 1500);
    } catch { /* a page opened from a file may not: the address bar has the link */ }
  };
  main.addEventListener("pointerover", (event) => {
    const head = event.target.closest("h1, h2, h3, h4, figcaption");
    const holder = head?.closest("figure, section");
    if (!holder?.id || head.querySelector(".link-here")) return;
    const link = made("a", { className: "link-here", href: `#${encodeURIComponent(holder.id)}`,
      textContent: "#", title: words.linkHere, tabIndex: -1, ariaLabel: words.linkHere });
    link.addEventListener("click", () => copy(link.href, link));
    head.append(" ", link);
  });

  // A box that does not scroll need not be a stop of the keyboard.
  // The browser tells the size of a box once it is drawn, so that none is laid out for this alone.
  const stops = new ResizeObserver((entries) => {
    const still = entries.map(({ target: box }) => box).filter((box) =>
      box.scrollWidth <= box.clientWidth && box.scrollHeight <= box.clientHeight);
    entries.forEach(({ target: box }) => {
      if (still.includes(box)) box.removeAttribute("tabindex");
      else box.tabIndex = 0;
    });
  });
  const measure = (part) => all(".table-scroll, .figure-scroll", part).forEach((box) => {
    box.removeAttribute("tabindex");  // until it is drawn
    stops.observe(box);
  });

  // Code can be copied, drawings can be taken as a picture.
  main.addEventListener("pointerover", (event) => {
    const block = event.target.closest("div.sourceCode");
    if (!block || block.querySelector(".copy")) return;
    const take = made("button", { type: "button", className: "copy", textContent: words.copy });
    take.addEventListener("click", () => copy(block.querySelector("code").textContent, take));
    block.prepend(take);
  });
  const offerPictures = (part) => all("figure > .figure-files", part).forEach((line) => {
    const svg = line.parentElement.querySelector("svg.drawing");
    if (!svg) return;
    const take = made("button", { type: "button", textContent: "PNG" });
    take.setAttribute("aria-label", `PNG: ${line.parentElement.id}`);
    take.addEventListener("click", () => {
      const { width, height } = svg.viewBox.baseVal;
      const copyOf = svg.cloneNode(true);
      copyOf.setAttribute("width", width);
      copyOf.setAttribute("height", height);
      // What style attributes said is in a style sheet of the page.
      const looks = document.createElementNS("http://www.w3.org/2000/svg", "style");
      looks.textContent = document.getElementById("press-looks").textContent;
      copyOf.prepend(looks);
      const image = new Image();
      image.onload = () => {
        const canvas = made("canvas", { width: width * 4, height: height * 4 });
        const context = canvas.getContext("2d");
        context.fillStyle = "#fff";
        context.fillRect(0, 0, canvas.width, canvas.height);
        context.drawImage(image, 0, 0, canvas.width, canvas.height);
        made("a", { href: canvas.toDataURL("image/png"),
          download: `${line.parentElement.id}.png` }).click();
      };
      image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(
        new XMLSerializer().serializeToString(copyOf))}`;
    });
    line.append(" ", take);
  });

  const equip = (part) => {
    follow(part);
    measure(part);
    offerPictures(part);
  };
  addEventListener("load", () => setTimeout(() => equip(main)));
  document.addEventListener("arrived", (event) => equip(event.target));
})();
