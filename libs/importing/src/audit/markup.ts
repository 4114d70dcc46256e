/** Text that is HTML already and is not escaped again. */
export class Html {
  constructor(readonly text: string) {}
}

/** Text that is known to be safe as it is: ours, never a file's. */
export function trusted(text: string): Html {
  return new Html(text);
}

function render(value: unknown): string {
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(render).join('');
  return String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * A template whose values are escaped, unless they are {@link Html} themselves: to forget the escaping is not possible. It is not called
 * `html`, because formatters reflow templates of that name.
 */
export function markup(strings: TemplateStringsArray, ...values: readonly unknown[]): Html {
  return new Html(
    strings.reduce((text, part, index) => text + part + (index < values.length ? render(values[index]) : ''), ''),
  );
}
