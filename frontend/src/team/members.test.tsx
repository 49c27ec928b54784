import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { expect, test, vi } from 'vitest';
import type { Member } from '../api/types.ts';
import { membersKey, peopleKey } from '../task/queries.ts';
import { aTeam, aUser, fieldWith, typeIn } from '../testing.ts';
import { Members } from './Members.tsx';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

test('a member is found without accents, in any order of words, and in a Turkish browser', () => {
  vi.spyOn(String.prototype, 'toLocaleLowerCase').mockImplementation(function (this: string) {
    return this.replaceAll('I', 'ı').toLowerCase();
  });
  const names = ['José Álvarez', 'Ida', 'Bob', 'Carol', 'Dan', 'Eve', 'Frank', 'Grace'];
  const members = names.map((name): Member => {
    return { user: aUser({ id: name, name, email: 'someone@example.com' }), role: 'member', joined_at: '2026-11-01T10:00:00Z', left_at: null };
  });
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
  for (const key of [membersKey('ops'), peopleKey('ops')]) client.setQueryData(key, members);
  const root = createRoot(document.body.appendChild(document.createElement('div')));
  act(() =>
    root.render(
      <QueryClientProvider client={client}>
        <Members team={aTeam()} me="me" />
      </QueryClientProvider>,
    ),
  );
  const find = (text: string) => {
    act(() => typeIn(fieldWith('input[type=search]'), text));
    return [...document.querySelectorAll('[data-member]')].map((line) => line.getAttribute('data-member'));
  };
  expect(find('alvarez jose')).toEqual(['José Álvarez']);
  expect(find('IDA')).toEqual(['Ida']);
  expect(find('SOMEONE@')).toHaveLength(8);
  act(() => root.unmount());
  vi.restoreAllMocks();
});
