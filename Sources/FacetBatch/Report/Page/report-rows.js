// The table's rows. Ten thousand of them are too many elements to make at once, so they are made in sections of fifty,
// each when it comes near the screen; until then one blank row holds its place. The style lays out only those sections
// that are near the screen, which is why it makes blocks and grids of what is a table: each element says its role.

const sectionLength = 50;
/** Up to so many rows are all made in idle moments, so that the browser's own search finds them. */
const idleLimit = 3000;

const whenIdle = window.requestIdleCallback ?? ((work) => setTimeout(() => work({ timeRemaining: () => 8 }), 30));

class Rows {
  /** The rows that are shown, in order. */
  shown = [];
  #sections = [];
  /** Row to its elements: what was made stays as it is, opened or not, however the table is sorted. */
  #made = new Map();
  #rowHeight = 80;
  #idle = 0;

  constructor(table, columns) {
    this.table = table;
    this.columns = columns;
    this.observer = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) this.#build(this.#sections.indexOf(target));
    }, { rootMargin: "1500px 0px" });
    table.addEventListener("click", (event) => this.#click(event));
    table.addEventListener("keydown", (event) => this.#key(event));
  }

  show(shown) {
    this.shown = shown;
    this.observer.disconnect();
    for (const section of this.#sections) section.remove();
    this.#sections = [];
    for (let start = 0; start < shown.length; start += sectionLength) this.#addBlank(start);
    this.table.setAttribute("aria-rowcount", String(shown.length + 1));
    if (this.#sections.length > 0) this.#measure();
    for (const section of this.#sections) if (section.dataset.blank) this.observer.observe(section);
    this.#buildWhenIdle(++this.#idle, 0);
  }

  /** Makes all that is still blank, pictures too: paper does not scroll. */
  buildAll() {
    for (let index = 0; index < this.#sections.length; index++) this.#build(index);
    for (const image of this.table.querySelectorAll("img")) develop(image);
  }

  #addBlank(start) {
    const length = Math.min(sectionLength, this.shown.length - start);
    const space = make("td", { colSpan: this.columns.length });
    space.style.height = `${length * this.#rowHeight}px`;
    const section = make("tbody", { role: "rowgroup" },
      make("tr", { className: "blank", "aria-hidden": "true" }, space));
    section.dataset.blank = "yes";
    this.#sections.push(section);
    this.table.append(section);
  }

  /** The first section tells how much place the others need. */
  #measure() {
    this.#build(0);
    const length = Math.min(sectionLength, this.shown.length);
    this.#rowHeight = Math.max(40, this.#sections[0].offsetHeight / length);
    for (const section of this.#sections.slice(1)) {
      section.querySelector("td").style.height = `${sectionLength * this.#rowHeight}px`;
    }
  }

  #build(index) {
    const section = this.#sections[index];
    if (!section?.dataset.blank) return;
    delete section.dataset.blank;
    this.observer.unobserve(section);
    const start = index * sectionLength;
    const length = Math.min(sectionLength, this.shown.length - start);
    const elements = this.shown.slice(start, start + length).flatMap((row, i) => {
      const made = this.#elements(row);
      made.line.setAttribute("aria-rowindex", String(start + i + 2));
      return made.opened ? [made.line, made.opened] : [made.line];
    });
    section.replaceChildren(...elements);
    section.style.containIntrinsicBlockSize = `auto ${length * this.#rowHeight}px`;
  }

  #buildWhenIdle(run, index) {
    if (this.shown.length > idleLimit || index >= this.#sections.length) return;
    whenIdle((deadline) => {
      // A newer list has its own run.
      if (run !== this.#idle) return;
      do this.#build(index++); while (deadline.timeRemaining() > 8 && index < this.#sections.length);
      this.#buildWhenIdle(run, index);
    });
  }

  #elements(row) {
    let made = this.#made.get(row);
    if (!made) {
      made = { line: tableRow(row, this.columns), opened: null };
      made.line.facetRow = row;
      this.#made.set(row, made);
    }
    return made;
  }

  /** Opens or closes a row. */
  toggle(row) {
    const made = this.#elements(row);
    const button = made.line.querySelector(".open");
    if (made.opened) {
      made.opened.remove();
      made.opened = null;
    } else {
      const id = `details-${row.rank}`;
      made.opened = make("tr", { className: "opened", id, role: "row" },
        make("td", { colSpan: this.columns.length, role: "cell" }, details(row)));
      made.line.after(made.opened);
      button.setAttribute("aria-controls", id);
    }
    made.line.classList.toggle("is-open", made.opened !== null);
    button.setAttribute("aria-expanded", String(made.opened !== null));
  }

  #click(event) {
    const line = event.target.closest("tr.row");
    if (!line) return;
    // A click that ends the marking of text, or on something that does its own, opens nothing.
    const isOwn = event.target.closest("a, button:not(.open)");
    const isMarking = event.detail > 0 && !event.target.closest(".open") && String(getSelection()) !== "";
    if (!isOwn && !isMarking) this.toggle(line.facetRow);
  }

  /** From name to name by arrows: by Tab it is a long way down. */
  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const line = event.target.closest?.(".open")?.closest("tr.row");
    if (!step || !line || event.altKey || event.ctrlKey || event.metaKey) return;
    const index = this.shown.indexOf(line.facetRow) + step;
    if (index < 0 || index >= this.shown.length) return;
    event.preventDefault();
    this.#build(Math.floor(index / sectionLength));
    const button = this.#elements(this.shown[index]).line.querySelector(".open");
    button.focus({ preventScroll: true });
    button.closest("tr").scrollIntoView({ block: "nearest" });
  }
}

function tableRow(row, columns) {
  const cells = columns.map((column) => tableCell(row, column));
  // Of a file that gave no figures the outcome is the news: it gets their place.
  const after = columns.findIndex(({ id }) => id === "outcome") + 1;
  if (!isDone(row) && cells.slice(after).every((cell) => cell.firstElementChild?.className === "empty")) {
    const span = cells.splice(after).length + 1;
    cells[after - 1].colSpan = span;
    cells[after - 1].style.gridColumn = `span ${span}`;
  }
  return make("tr", { className: `row is-${row.outcome}`, role: "row" }, cells);
}

function tableCell(row, column) {
  const cell = make("td", { role: "cell", className: `column-${column.id} ${column.className?.(row) ?? ""}` },
    column.fill(row));
  cell.dataset.label = headingText(column);
  if (column.isNumber) cell.classList.add("number");
  return cell;
}

const headingText = ({ heading, unit }) => (unit ? `${heading}, ${unit}` : heading);
