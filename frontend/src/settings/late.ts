import { part } from '../ui/part.ts';

export const Settings = part(() => import('./Settings.tsx'));
