import { part } from '../ui/part.ts';

export const NotFound = part(() => import('./NotFound.tsx'));
