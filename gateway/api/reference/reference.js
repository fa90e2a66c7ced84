// Finds operations by their words, wherever these stand: in the name, the address, the fields.
const find = document.getElementById("find");
const flat = s => s.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const items = [...document.querySelectorAll("nav li")].map(li => {
  const section = document.getElementById(decodeURIComponent(li.firstElementChild.hash.slice(1)));
  return { li, section, text: flat(section.textContent) };
});
const headings = [...document.querySelectorAll("nav h2, main > h2")];
function narrow() {
  const words = flat(find.value).split(/\s+/).filter(Boolean);
  let any = false;
  for (const i of items) {
    const shown = words.every(w => i.text.includes(w));
    i.li.hidden = i.section.hidden = !shown;
    any ||= shown;
  }
  document.getElementById("none").hidden = any;
  for (const h of headings) h.hidden = words.length > 0 && h.parentElement.tagName === "MAIN";
}
find.addEventListener("input", narrow);
document.addEventListener("keydown", e => {
  if (e.key === "/" && document.activeElement !== find) { e.preventDefault(); find.focus(); }
  if (e.key === "Escape" && document.activeElement === find) { find.value = ""; narrow(); find.blur(); }
});
