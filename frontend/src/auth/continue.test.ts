import { expect, it } from 'vitest';
import { entrance, next } from './continue.ts';

it.each([
  ['/', '', '', '/signup'],
  ['/t/ops/board', '?task=12', '', '/signup?next=%2Ft%2Fops%2Fboard%3Ftask%3D12'],
  ['/invite', '', '#thi_1', '/signup#thi_1'],
  ['/signin', '?next=%2Finbox', '', '/signup?next=%2Finbox'],
])('keeps where one was: %s%s%s', (path, search, hash, expected) => {
  expect(entrance('/signup', path, search, hash)).toBe(expected);
});

it.each([
  ['/t/ops/board', '?task=12', '', false, null],
  ['/signin', '', '', false, '/'],
  ['/signup', '', '', true, '/welcome'],
  ['/signup', '?next=%2Ft%2Fops%2Fboard%3Ftask%3D12', '', true, '/t/ops/board?task=12'],
  ['/signin', '?next=%2F%2Fevil.example', '', false, '/'],
  ['/signin', '?next=%2F%5Cevil.example', '', false, '/'],
  ['/signin', '?next=https%3A%2F%2Fevil.example', '', false, '/'],
  ['/signup', '', '#thi_1', true, '/invite#thi_1'],
])('goes on from %s%s%s', (path, search, hash, isNew, expected) => {
  expect(next(path, search, hash, isNew)).toBe(expected);
});
