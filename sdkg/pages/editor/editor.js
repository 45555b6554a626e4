// The query editor: takes the place of the plain field, and gives its text back when the form is sent.
// It lives in a shadow root, where styles can be adopted, so that a page may forbid inline styles.
import { acceptCompletion, autocompletion, closeBrackets, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { HighlightStyle, StreamLanguage, bracketMatching, syntaxHighlighting } from "@codemirror/language";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { EditorState, Prec } from "@codemirror/state";
import { EditorView, drawSelection, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const KEYWORDS = `SELECT DISTINCT REDUCED CONSTRUCT DESCRIBE ASK WHERE FROM NAMED ORDER BY ASC DESC LIMIT OFFSET GROUP
HAVING OPTIONAL GRAPH UNION FILTER BIND VALUES MINUS EXISTS NOT IN AS PREFIX COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT
STR LANG LANGMATCHES DATATYPE BOUND IRI IF COALESCE REGEX CONTAINS STRSTARTS STRENDS LCASE UCASE CONCAT REPLACE YEAR`
  .split(/\s+/);

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--link)", fontWeight: "600" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--mark)" },
  { tag: [tags.comment], color: "var(--quiet)", fontStyle: "italic" },
  { tag: [tags.variableName, tags.standard(tags.variableName)], color: "var(--focus)" },
  { tag: [tags.atom, tags.number, tags.bool], color: "var(--mark)" },
]);

const looks = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--ground)", fontSize: "0.9rem" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5", minHeight: "14rem", maxHeight: "32rem", overflow: "auto" },
  ".cm-content": { caretColor: "var(--ink)", padding: "0.6rem 0" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--raised)", color: "var(--quiet)", border: "none" },
  "&.cm-focused": { outline: "3px solid var(--focus)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    { backgroundColor: "var(--line)" },
  ".cm-tooltip": { backgroundColor: "var(--raised)", color: "var(--ink)", border: "1px solid var(--edge)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--button)", color: "var(--button-ink)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--line)" },
  ".cm-completionDetail": { fontStyle: "normal", color: "inherit" },
});

function completions() {
  const found = KEYWORDS.map((label) => ({ label, type: "keyword" }));
  for (const list of document.querySelectorAll("[data-complete]")) {
    for (const row of list.children) {
      const [term, what] = row.children;
      found.push({ label: term.textContent, detail: what.textContent, type: list.dataset.complete });
    }
  }
  return found;
}

function start(field) {
  const form = field.form;
  const options = completions();
  const complete = (context) => {
    const word = context.matchBefore(/[?$]?[\w-]*:?[\w-]*/);
    return word.from === word.to && !context.explicit ? null : { from: word.from, options, validFor: /^[\w-]*:?[\w-]*$/ };
  };
  const send = () => { form.requestSubmit(); return true; };
  const host = document.createElement("div");
  host.className = "editor";
  const root = host.attachShadow({ mode: "open" });
  const label = form.querySelector("label[for=" + field.id + "]");
  const help = document.createElement("p");
  help.className = "help";
  help.textContent = field.dataset.help;
  let leaving = false;
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: field.value,
      extensions: [
        Prec.highest(keymap.of([
          { key: "Mod-Enter", run: send },
          // after Escape, Tab goes on to the next field, so that the keyboard is never trapped
          { key: "Escape", run: () => { leaving = true; return false; } },
          { key: "Tab", run: (v) => (leaving ? ((leaving = false), false) : acceptCompletion(v) || indentWithTab.run(v)) },
          { key: "Shift-Tab", run: (v) => (leaving ? ((leaving = false), false) : indentWithTab.shift(v)) },
        ])),
        keymap.of([...completionKeymap, ...historyKeymap, ...defaultKeymap]),
        lineNumbers(), history(), drawSelection(), highlightSpecialChars(), bracketMatching(), closeBrackets(),
        StreamLanguage.define(sparql), syntaxHighlighting(colours), looks, EditorView.lineWrapping,
        autocompletion({ override: [complete] }),
        EditorView.contentAttributes.of({ "aria-label": label.textContent, "aria-multiline": "true", spellcheck: "false" }),
        EditorView.updateListener.of((update) => { if (update.docChanged) field.value = update.state.doc.toString(); }),
        EditorView.domEventHandlers({
          blur: () => { leaving = false; },
          // a browser that types over coloured text keeps the colour in an inline style, which the page forbids
          beforeinput: (event, v) => {
            if (event.inputType !== "insertText" || !event.data || v.composing || v.state.selection.main.empty) return false;
            event.preventDefault();
            v.dispatch({ ...v.state.replaceSelection(event.data), userEvent: "input.type" });
            return true;
          },
        }),
      ],
    }),
  });
  field.before(host, help);
  field.hidden = true;
  label.addEventListener("click", () => view.focus());
}

const field = document.querySelector("textarea#query");
if (field) start(field);
