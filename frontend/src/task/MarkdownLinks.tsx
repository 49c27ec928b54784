import { useQuery } from '@tanstack/react-query';
import type { MouseEvent, ReactNode } from 'react';
import { useLocation } from 'wouter';
import { taskPath } from '../shell/address.ts';
import type { Target } from './links.ts';
import { teamsQuery } from './queries.ts';

/** A page of TaskHub opens in place, as every link of the page does; everything else opens in a new tab. */
export function LinkTo({ target, children }: { target: Target; children: ReactNode }) {
  const [, navigate] = useLocation();
  if (target.kind === 'out') {
    return (
      <a href={target.href} target="_blank" rel="noopener noreferrer nofollow">
        {children}
      </a>
    );
  }
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(target.path);
  };
  return (
    <a href={target.href} onClick={follow}>
      {children}
    </a>
  );
}

/** "OPS-42" is a link when it names a team of the user's. */
export function TaskKey({ text, team, number }: { text: string; team: string; number: number }) {
  const { data } = useQuery({ ...teamsQuery(), enabled: false });
  if (data?.some(({ key }) => key.toLowerCase() === team) !== true) return text;
  const path = taskPath(team, number);
  return <LinkTo target={{ kind: 'page', href: new URL(path, location.origin).href, path }}>{text}</LinkTo>;
}
