import { part } from '../ui/part.ts';

export const StatusPage = part(() => import('./StatusPage.tsx'));
