import { useLocation } from 'wouter';
import { part } from '../ui/part.ts';
import { Entrance } from './Entrance.tsx';
import { invitationIn } from './joining.ts';
import { useHash } from './useHash.ts';

const Invited = part(() => import('./Invited.tsx'));

/** The page for people who aren't signed in. They stay at the address that they asked for. */
export default function Welcome(props: { expired: boolean; email: string | undefined }) {
  const [path] = useLocation();
  const token = invitationIn(path, useHash());
  return token === null ? <Entrance {...props} /> : <Invited key={token} token={token} {...props} />;
}
