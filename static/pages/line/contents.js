/** Marks in the contents which part of the page is being read. */
const READING_FROM = 120;

export function watchContents(contents) {
  const links = new Map([...contents.querySelectorAll("a")].map((link) => [link.hash.slice(1), link]));
  const page = document.querySelector("[data-scroll]");

  function mark() {
    const reading = page.getBoundingClientRect().top + READING_FROM;
    const isAtEnd = page.scrollTop + page.clientHeight >= page.scrollHeight - 4;
    let current = null;
    for (const id of links.keys()) {
      const top = document.getElementById(id)?.getBoundingClientRect().top ?? Infinity;
      if (top <= reading || isAtEnd || current === null) current = id;
    }
    for (const [id, link] of links) link.toggleAttribute("aria-current", id === current);
  }

  page.addEventListener("scroll", mark, { passive: true });
  mark();
}
