/** One event of a `text/event-stream`. */
export interface ServerEvent {
  event: string;
  data: string;
  id: string | undefined;
}

/**
 * Takes a stream apart as the HTML standard says (9.2.6): CR, LF or CRLF end a line, an empty line ends an event, what
 * begins with a colon is a comment. `EventSource` itself can't send a bearer token.
 */
export class SseParser {
  #rest = '';
  #event = '';
  #id: string | undefined;
  #data: string[] = [];
  #skipLineFeed = false;

  /** The events that this chunk completes. */
  push(chunk: string): ServerEvent[] {
    const events: ServerEvent[] = [];
    let text = this.#rest + chunk;
    if (this.#skipLineFeed && text.startsWith('\n')) text = text.slice(1);
    this.#skipLineFeed = false;
    let start = 0;
    for (let i = 0; i < text.length; i++) {
      const char = text[i];
      if (char !== '\n' && char !== '\r') continue;
      this.#line(text.slice(start, i), events);
      if (char === '\r') {
        if (text[i + 1] === '\n') i++;
        else if (i + 1 === text.length) this.#skipLineFeed = true;
      }
      start = i + 1;
    }
    this.#rest = text.slice(start);
    return events;
  }

  #line(line: string, events: ServerEvent[]): void {
    if (line === '') {
      if (this.#data.length > 0) {
        events.push({ event: this.#event || 'message', data: this.#data.join('\n'), id: this.#id });
      }
      this.#event = '';
      this.#data = [];
      return;
    }
    if (line.startsWith(':')) return;
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.#event = value;
    else if (field === 'data') this.#data.push(value);
    else if (field === 'id' && !value.includes('\0')) this.#id = value;
  }
}
