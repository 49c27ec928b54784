import { describe, expect, it } from 'vitest';
import { SseParser } from './sse.ts';

const STREAM = ': beat\n\nevent: ready\ndata: {"revision":4}\n\nid: 5\nevent: change\ndata: {"a":1}\n\n';

describe('SseParser', () => {
  it('gives each event when its empty line has come', () => {
    expect(new SseParser().push(STREAM)).toEqual([
      { event: 'ready', data: '{"revision":4}', id: undefined },
      { event: 'change', data: '{"a":1}', id: '5' },
    ]);
  });

  it.each(['\n', '\r', '\r\n'])('gives the same however the stream is cut, with lines ending in %j', (end) => {
    const stream = STREAM.replaceAll('\n', end);
    const whole = new SseParser().push(STREAM);
    for (let cut = 0; cut <= stream.length; cut++) {
      const parser = new SseParser();
      expect([...parser.push(stream.slice(0, cut)), ...parser.push(stream.slice(cut))]).toEqual(whole);
    }
    const parser = new SseParser();
    expect(Array.from(stream, (char) => parser.push(char)).flat()).toEqual(whole);
  });

  it('joins data lines, takes one space off, and ignores comments, unknown fields and empty events', () => {
    const parser = new SseParser();
    expect(parser.push('data:a\ndata:  b\n:c\nnope: 1\n\nevent: x\n\n\n')).toEqual([
      { event: 'message', data: 'a\n b', id: undefined },
    ]);
  });
});
