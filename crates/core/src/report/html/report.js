// What the report can do with a script: fold the organization, filter the accounts, show why one account's answer is
// what it is. The document is complete without it. Text becomes text nodes, never markup.
"use strict";

(() => {
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("data").textContent);
  const ACCOUNTS = data.names.length;
  const ID_DIGITS = 12;

  /** An element with a class and what is in it. */
  function make(tag, className, ...inside) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    element.append(...inside);
    return element;
  }

  const code = (text) => make("code", "", text);
  const bdi = (text) => make("bdi", "", text);
  const grouped = (count) => count.toLocaleString("en-US");

  /** A shape and a word. */
  function chip([className, shape, word]) {
    const mark = make("span", "shape", shape);
    mark.setAttribute("aria-hidden", "true");
    return make("span", `chip ${className}`, mark, word);
  }

  // ---- What is known of an account, by its number.

  const idOf = (at) => data.ids.slice(at * ID_DIGITS, (at + 1) * ID_DIGITS);
  const classOf = (at) => data.classes[data.class[at]];
  const rowOf = (at) => data.rows[classOf(at)[0]];
  const verdictOf = (at) => data.looks.accounts[classOf(at)[1]];
  const lockOf = (at) => data.looks.locks[classOf(at)[2]];
  const isCounted = (at) => data.states[data.state[at]][1];

  function numberOf(id) {
    let [low, high] = [0, ACCOUNTS];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (idOf(middle) < id) low = middle + 1;
      else high = middle;
    }
    return low < ACCOUNTS && idOf(low) === id ? low : -1;
  }

  /** The numbers of the places from the root down to where the account is. */
  function pathOf(at) {
    const path = [];
    for (let place = data.place[at]; place >= 0; place = data.places[place][0]) path.unshift(place);
    return path;
  }

  function basisOf(at) {
    const basis = data.basis[at];
    if (basis === 0) return "AWS’s own answer for this account";
    if (basis === 1) return "Computed from the attached policies; AWS was not asked";
    return `AWS’s answer for ${data.witnesses[basis - 2]}, which has the same policies`;
  }

  // ---- The tree: each line is an item, the list beside it holds what is below.

  const listOf = (node) => node.nextElementSibling;
  const above = (node) => node.parentElement.parentElement.closest("#tree li")?.firstElementChild;
  const isOpen = (node) => node.getAttribute("aria-expanded") === "true";

  function growTree() {
    const tree = byId("tree");
    if (!tree) return;
    const nodes = [...tree.querySelectorAll(".node")];
    const small = nodes.length <= 80;
    tree.setAttribute("role", "tree");
    tree.setAttribute("aria-label", "The organization");
    nodes.forEach((node, at) => {
      growNode(node, at, small);
    });
    if (nodes[0]) nodes[0].tabIndex = 0;
    tree.addEventListener("click", foldOnClick);
    tree.addEventListener("keydown", (event) => moveInTree(nodes, event));
    const all = (open) => () => {
      for (const node of nodes) unfold(node, open || node === nodes[0]);
    };
    byId("unfold").addEventListener("click", all(true));
    byId("fold").addEventListener("click", all(false));
  }

  function growNode(node, at, small) {
    const list = listOf(node);
    node.parentElement.setAttribute("role", "none");
    node.setAttribute("role", "treeitem");
    node.setAttribute("aria-level", String(Number(above(node)?.getAttribute("aria-level") ?? 0) + 1));
    node.tabIndex = -1;
    for (const link of node.querySelectorAll("a")) link.tabIndex = -1;
    if (!list) return;
    list.setAttribute("role", "group");
    list.id = `below-${at}`;
    node.setAttribute("aria-owns", list.id);
    unfold(node, small || at === 0);
  }

  function unfold(node, open) {
    const list = listOf(node);
    if (!list) return;
    list.hidden = !open;
    node.setAttribute("aria-expanded", String(open));
  }

  function foldOnClick(event) {
    const node = event.target.closest(".node");
    if (!node || event.target.closest("a")) return;
    unfold(node, !isOpen(node));
    focusNode(node);
  }

  function focusNode(node) {
    if (!node) return;
    const old = byId("tree").querySelector(".node[tabindex='0']");
    if (old) old.tabIndex = -1;
    node.tabIndex = 0;
    node.focus();
  }

  const firstBelow = (node) => listOf(node)?.firstElementChild.firstElementChild;

  function lastVisible(node) {
    let last = node;
    while (isOpen(last)) last = listOf(last).lastElementChild.firstElementChild;
    return last;
  }

  function nextNode(node) {
    if (isOpen(node)) return firstBelow(node);
    let from = node;
    while (from && !from.parentElement.nextElementSibling) from = above(from);
    return from?.parentElement.nextElementSibling.firstElementChild;
  }

  function previousNode(node) {
    const before = node.parentElement.previousElementSibling?.firstElementChild;
    return before ? lastVisible(before) : above(node);
  }

  function goRight(node) {
    if (listOf(node) && !isOpen(node)) unfold(node, true);
    else focusNode(firstBelow(node));
  }

  function goLeft(node) {
    if (isOpen(node)) unfold(node, false);
    else focusNode(above(node));
  }

  function moveInTree(nodes, event) {
    const node = event.target.closest("[role=treeitem]");
    if (!node || event.altKey || event.ctrlKey || event.metaKey) return;
    const moves = {
      ArrowDown: () => focusNode(nextNode(node)),
      ArrowUp: () => focusNode(previousNode(node)),
      ArrowRight: () => goRight(node),
      ArrowLeft: () => goLeft(node),
      Home: () => focusNode(nodes[0]),
      End: () => focusNode(lastVisible(nodes[0])),
      Enter: () => activate(node),
      " ": () => activate(node),
    };
    if (!(event.key in moves)) return;
    event.preventDefault();
    moves[event.key]();
  }

  function activate(node) {
    if (listOf(node)) unfold(node, !isOpen(node));
    else node.querySelector("a")?.click();
  }

  // ---- The table of accounts by services: only the rows that can be seen exist.

  const FIXED = 3;
  const BEYOND = 10;
  const MODES = {
    verdicts: { part: 0, looks: data.looks.services },
    locks: {
      part: 1,
      looks: { f: ["good", "■", "locked"], n: ["doubt", "□", "not locked"], u: ["doubt", "?", "lock unknown"] },
    },
  };

  const matrix = {
    order: [],
    columns: [],
    mode: MODES.verdicts,
    templates: new Map(),
    first: -1,
    last: -1,
    rowHeight: 32,
    measured: false,
    shown: "",
    cell: [0, 0],
    orders: new Map(),
  };

  /** What the search looks through, once for all: name, id, and every place on the way. */
  function searchTexts() {
    const places = data.places.map(([, id, name]) => `${name} ${id}`.toLowerCase());
    const paths = data.places.map(() => "");
    data.places.forEach(([up], at) => {
      paths[at] = `${up >= 0 ? paths[up] : ""} ${places[at]}`;
    });
    return data.names.map((name, at) => `${name.toLowerCase()} ${idOf(at)}${paths[data.place[at]] ?? ""}`);
  }

  function inOrder(kind) {
    if (matrix.orders.has(kind)) return matrix.orders.get(kind);
    const all = Array.from({ length: ACCOUNTS }, (_, at) => at);
    const worst = data.looks.order;
    // Accounts that do not count come last.
    const rank = (at) => (isCounted(at) ? worst.indexOf(classOf(at)[1]) : worst.length);
    const compareNames = new Intl.Collator("en").compare;
    const comparisons = {
      worst: (left, right) => rank(left) - rank(right) || left - right,
      name: (left, right) => compareNames(data.names[left], data.names[right]) || left - right,
      id: (left, right) => left - right,
    };
    all.sort(comparisons[kind]);
    matrix.orders.set(kind, all);
    return all;
  }

  function growMatrix() {
    const viewport = byId("viewport");
    if (!viewport) return;
    const texts = searchTexts();
    const table = make("table", "matrix", make("thead"), make("tbody"));
    table.setAttribute("role", "grid");
    table.setAttribute("aria-label", "Accounts by services");
    viewport.append(table);
    const again = () => {
      filter(table, texts);
    };
    byId("filters").addEventListener("input", again);
    byId("clear").addEventListener("click", () => {
      clear();
      again();
    });
    viewport.addEventListener("scroll", () => draw(table), { passive: true });
    table.addEventListener("keydown", (event) => moveInTable(table, event));
    table.addEventListener("click", (event) => focusOnClick(table, event));
    addEventListener("resize", () => {
      matrix.measured = false;
      draw(table, true);
    });
    again();
  }

  function clear() {
    for (const select of byId("filters").querySelectorAll("select")) select.selectedIndex = 0;
    byId("find").value = "";
    byId("differing").checked = false;
  }

  function filter(table, texts) {
    const words = byId("find").value.toLowerCase().split(/\s+/).filter(Boolean);
    const verdict = byId("by-verdict").value;
    const lock = byId("by-lock").value;
    const service = byId("by-service").value;
    const classes = data.classes.map(
      ([row, has, locked]) =>
        (!verdict || has === verdict) && (!lock || locked === lock) && (!service || data.rows[row][0][service] !== "o"),
    );
    const wanted = (at) => classes[data.class[at]] && words.every((word) => texts[at].includes(word));
    matrix.order = inOrder(byId("order").value).filter(wanted);
    matrix.cell = [0, 0];
    const all = matrix.order.length === ACCOUNTS;
    const found = grouped(matrix.order.length);
    byId("found").textContent = all ? `All ${found} accounts` : `${found} of ${grouped(ACCOUNTS)} accounts`;
    chooseColumns(table);
    table.setAttribute("aria-rowcount", String(matrix.order.length + 1));
    table.parentElement.scrollTop = 0;
    draw(table, true);
  }

  /** Makes the head anew, and the rows that cells are copied from, where other columns are wanted. */
  function chooseColumns(table) {
    const shown = `${byId("show").value} ${byId("differing").checked}`;
    if (matrix.shown === shown) return;
    matrix.shown = shown;
    matrix.mode = MODES[byId("show").value];
    matrix.columns = columns(byId("differing").checked);
    matrix.templates.clear();
    matrix.measured = false;
    head(table);
  }

  /** The numbers of the services that are shown: `default`, then those unlike it for some account, then the others. */
  function columns(differing) {
    const rows = data.rows.map((row) => row[matrix.mode.part]);
    const differs = (key) => rows.some((row) => row[key] !== row[0]);
    const services = data.keys.map((_, key) => key).slice(1);
    const others = differing ? [] : services.filter((key) => !differs(key));
    return [0, ...services.filter(differs), ...others];
  }

  function head(table) {
    const row = make("tr");
    row.setAttribute("aria-rowindex", "1");
    const fixed = ["Account", "Verdict", "Lock"].map((title) => heading(make("span", "", title), ""));
    const services = matrix.columns.map((key) => {
      const cell = heading(make("span", "turned", data.keys[key]), "service");
      if (data.titles[key]) cell.title = data.titles[key];
      return cell;
    });
    row.append(...fixed, ...services);
    table.setAttribute("aria-colcount", String(FIXED + services.length));
    table.style.width = `calc(var(--who) + 13rem + ${services.length} * 1.75rem)`;
    table.tHead.replaceChildren(row);
  }

  function heading(inside, className) {
    const cell = make("th", className, inside);
    cell.scope = "col";
    return cell;
  }

  /** A row of a class: all its accounts have equal cells but the first. */
  function template(number) {
    const known = matrix.templates.get(number);
    if (known) return known;
    const [row, verdict, lock] = data.classes[number];
    const letters = data.rows[row][matrix.mode.part];
    const account = make("th", "who");
    account.scope = "row";
    const [lockClass, lockShape, lockWord] = data.looks.locks[lock];
    const locked = make("td", `sign ${lockClass}`, lockShape);
    locked.setAttribute("aria-label", lockWord);
    locked.title = lockWord;
    const made = make("tr", "", account, make("td", "what", chip(data.looks.accounts[verdict])), locked);
    for (const key of matrix.columns) made.append(sign(key, letters[key]));
    for (const cell of made.cells) cell.tabIndex = -1;
    matrix.templates.set(number, made);
    return made;
  }

  function sign(key, letter) {
    const [className, shape, word] = matrix.mode.looks[letter];
    const cell = make("td", `sign ${className}`, shape);
    cell.setAttribute("aria-label", `${data.keys[key]}: ${word}`);
    cell.title = `${data.keys[key]}: ${word}`;
    return cell;
  }

  function accountRow(place) {
    const at = matrix.order[place];
    const row = template(data.class[at]).cloneNode(true);
    row.setAttribute("aria-rowindex", String(place + 2));
    row.dataset.place = String(place);
    if (!isCounted(at)) row.classList.add("apart");
    const link = make("a", "", bdi(data.names[at] || idOf(at)));
    link.href = `#account-${idOf(at)}`;
    link.tabIndex = -1;
    row.cells[0].append(make("span", "", link), code(idOf(at)));
    return row;
  }

  /** Draws the rows that can be seen and some beyond, unless they are there. */
  function draw(table, anew = false) {
    const viewport = table.parentElement;
    const body = table.tBodies[0];
    const rows = matrix.order.length;
    const top = Math.floor(viewport.scrollTop / matrix.rowHeight);
    const seen = Math.ceil(viewport.clientHeight / matrix.rowHeight);
    const inside = top >= matrix.first && Math.min(top + seen, rows) <= matrix.last;
    if (inside && !anew) return;
    matrix.first = Math.max(0, Math.min(top - BEYOND, rows - seen));
    matrix.last = Math.min(rows, top + seen + BEYOND);
    const hadFocus = body.contains(document.activeElement);
    const drawn = [];
    for (let place = matrix.first; place < matrix.last; place += 1) drawn.push(accountRow(place));
    body.replaceChildren(spacer(matrix.first), ...drawn, spacer(rows - matrix.last));
    if (rows === 0) body.append(nothing());
    settle(table, drawn, hadFocus);
  }

  /** Whether rows turn out to be of another height than was thought; looked at once. */
  function isMistaken(row) {
    if (matrix.measured || !row) return false;
    const height = row.offsetHeight;
    matrix.measured = height > 0;
    if (height === 0 || height === matrix.rowHeight) return false;
    matrix.rowHeight = height;
    return true;
  }

  /** One cell can be reached with the Tab key. */
  function settle(table, drawn, hadFocus) {
    if (isMistaken(drawn[0])) {
      draw(table, true);
      return;
    }
    const cell = cellAt(table) ?? drawn[0]?.cells[0];
    if (cell) cell.tabIndex = 0;
    if (hadFocus && cell) cell.focus({ preventScroll: true });
  }

  function spacer(rows) {
    const cell = make("td");
    cell.colSpan = FIXED + matrix.columns.length;
    cell.style.height = `${rows * matrix.rowHeight}px`;
    const row = make("tr", "spacer", cell);
    row.setAttribute("aria-hidden", "true");
    row.hidden = rows <= 0;
    return row;
  }

  function nothing() {
    const cell = make("td", "nothing", "No account is like that.");
    cell.colSpan = FIXED + matrix.columns.length;
    return make("tr", "", cell);
  }

  function cellAt(table) {
    const [place, column] = matrix.cell;
    return table.tBodies[0].querySelector(`tr[data-place="${place}"]`)?.cells[column];
  }

  function focusCell(table, place, column) {
    const viewport = table.parentElement;
    const old = cellAt(table);
    if (old) old.tabIndex = -1;
    matrix.cell = [
      Math.max(0, Math.min(place, matrix.order.length - 1)),
      Math.max(0, Math.min(column, FIXED + matrix.columns.length - 1)),
    ];
    const headHeight = table.tHead.offsetHeight;
    const top = matrix.cell[0] * matrix.rowHeight;
    const room = viewport.clientHeight - headHeight - matrix.rowHeight;
    if (top < viewport.scrollTop) viewport.scrollTop = top;
    else if (top > viewport.scrollTop + room) viewport.scrollTop = top - room;
    draw(table);
    const cell = cellAt(table);
    if (!cell) return;
    cell.tabIndex = 0;
    cell.focus({ preventScroll: true });
    if (column >= 1) cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function moveInTable(table, event) {
    if (event.altKey || event.metaKey || !event.target.closest("tbody")) return;
    const [place, column] = matrix.cell;
    const page = Math.max(1, Math.floor(table.parentElement.clientHeight / matrix.rowHeight) - 2);
    const last = matrix.order.length - 1;
    const moves = {
      ArrowDown: [place + 1, column],
      ArrowUp: [place - 1, column],
      ArrowRight: [place, column + 1],
      ArrowLeft: [place, column - 1],
      PageDown: [place + page, column],
      PageUp: [place - page, column],
      Home: [event.ctrlKey ? 0 : place, 0],
      End: event.ctrlKey ? [last, column] : [place, FIXED + matrix.columns.length - 1],
    };
    if (event.key === "Enter" || event.key === " ") show(matrix.order[place]);
    else if (event.key in moves) focusCell(table, ...moves[event.key]);
    else return;
    event.preventDefault();
  }

  function focusOnClick(table, event) {
    const cell = event.target.closest("td, th");
    const row = cell?.closest("tr[data-place]");
    if (!row) return;
    focusCell(table, Number(row.dataset.place), cell.cellIndex);
    if (!event.target.closest("a")) show(matrix.order[Number(row.dataset.place)]);
  }

  // ---- One account.

  function show(at) {
    if (at === undefined || at < 0) return;
    const dialog = byId("account");
    byId("account-name").replaceChildren(bdi(data.names[at] || idOf(at)));
    byId("account-body").replaceChildren(facts(at), ...way(at), ...verdicts(at), ...reason(at));
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
    byId("close").focus();
  }

  function facts(at) {
    const list = make("dl", "facts");
    const fact = (title, ...what) => list.append(make("dt", "", title), make("dd", "", ...what));
    const counted = isCounted(at) ? "" : ", not counted";
    fact("Account", code(idOf(at)), ` ${data.states[data.state[at]][0]}${counted}`);
    fact("Verdict", chip(verdictOf(at)));
    fact("Lock", chip(lockOf(at)));
    fact("On whose answer", basisOf(at));
    return list;
  }

  /** The places from the root to the account, with what is attached. */
  function way(at) {
    const list = make("ol", "way");
    const policy = ([id, name]) => make("span", "tag", bdi(name), " ", code(id));
    const policies = (numbers) => numbers.map((one) => policy(data.policies[one]));
    let levels = 0;
    const stop = (name, id, attached) => {
      if (attached.length > 0) levels += 1;
      const level = attached.length > 0 ? make("span", "level", `Level ${levels} `) : "";
      list.append(make("li", "", level, bdi(name), " ", code(id), " ", ...policies(attached)));
    };
    for (const place of pathOf(at)) stop(data.places[place][2], data.places[place][1], data.places[place][3]);
    stop(data.names[at], idOf(at), data.own[idOf(at)] ?? []);
    return [make("h3", "", "From the root to the account"), list];
  }

  /** The services by verdict, each kind in one line. */
  function verdicts(at) {
    const list = make("ul", "by-verdict");
    const row = rowOf(at)[0];
    for (const [letter, look] of Object.entries(data.looks.services)) {
      const keys = data.keys.filter((_, key) => row[key] === letter);
      if (keys.length === 0) continue;
      const item = make("li", "", chip(look), ` ${keys.length}: `);
      keys.forEach((key, place) => {
        item.append(place ? ", " : "", code(key));
      });
      list.append(item);
    }
    return [make("h3", "", "Services"), list];
  }

  function reason(at) {
    const number = data.class[at] + 1;
    const derivation = byId(`why-${number}`)?.querySelector(".derivation");
    if (!derivation) {
      const command = make("p", "", "Left out to keep this document small: ", code(`optout explain ${idOf(at)}`), " shows it.");
      return [make("h3", "", "Why"), command];
    }
    const link = make("a", "", `Group ${number}`);
    link.href = `#why-${number}`;
    const origin = make("p", "quiet", "The same for every account of ", link, ".");
    return [make("h3", "", "Why"), origin, derivation.cloneNode(true)];
  }

  // ---- Links, addresses and printing.

  function follow(event) {
    const link = event.target.closest("a[href^='#']");
    if (!link) return;
    const at = accountOf(link.hash);
    if (at >= 0) {
      event.preventDefault();
      show(at);
      return;
    }
    byId("account").close();
    reveal(link.hash);
    if (link.dataset.place) {
      byId("find").value = link.dataset.place;
      byId("find").dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  function accountOf(hash) {
    const found = /^#account-(\d{12})$/.exec(hash);
    return found ? numberOf(found[1]) : -1;
  }

  /** Opens what is folded around the target of a link. */
  function reveal(hash) {
    const target = hash.length > 1 ? byId(decodeURIComponent(hash.slice(1))) : null;
    const details = target?.closest("details");
    if (details) details.open = true;
  }

  function arrive() {
    const at = accountOf(location.hash);
    if (at >= 0) show(at);
    else reveal(location.hash);
  }

  /** On paper nothing is folded. */
  function preparePrinting() {
    let folded = [];
    addEventListener("beforeprint", () => {
      folded = [...document.querySelectorAll("details:not([open])")];
      for (const details of folded) details.open = true;
    });
    addEventListener("afterprint", () => {
      for (const details of folded) details.open = false;
    });
  }

  document.documentElement.classList.add("js");
  growTree();
  growMatrix();
  preparePrinting();
  byId("close").addEventListener("click", () => byId("account").close());
  byId("account").addEventListener("click", (event) => {
    if (event.target === event.currentTarget) event.currentTarget.close();
  });
  document.addEventListener("click", follow);
  addEventListener("hashchange", arrive);
  arrive();
})();
