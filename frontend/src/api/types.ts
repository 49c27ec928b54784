/** Short names for what goes over the wire. */
import type { components } from './schema.ts';

type Schemas = components['schemas'];

/** What the page sends: it empties what it clears, so that only a date becomes null. */
type Plain<Body extends { due_at?: string | null }> = {
  [Name in keyof Body]: Name extends 'due_at' ? Body[Name] : NonNullable<Body[Name]>;
};

export type User = Schemas['User'];
export type OpenSession = Schemas['OpenSession'];
export type Team = Schemas['Team'];
export type Member = Schemas['Member'];
export type Role = Schemas['Role'];
export type Invitation = Schemas['Invitation'];
export interface InvitationPreview {
  team: { key: string; name: string };
  inviter: { name: string };
  email: string;
  role: Role;
}
export type Task = Schemas['Task'];
export type Status = Schemas['Status'];
export type Priority = Schemas['Priority'];
export type NewTask = Plain<Schemas['CreateTask']>;
export type TaskPatch = Plain<Schemas['PatchTask']>;
export type TaskMove = Schemas['MoveTask'];
export type Label = Schemas['Label'];
export type Comment = Schemas['Comment'];
export type TeamEvent = Schemas['Event'];
export type Stats = Schemas['Stats'];
export type Notification = Schemas['Notification'];
export type SystemStatus = Schemas['SystemStatus'];
export type ServiceStatus = Schemas['ServiceStatus'];

export const STATUSES = ['pending', 'in_progress', 'blocked', 'completed', 'cancelled'] as const satisfies Status[];
export const PRIORITIES = ['urgent', 'high', 'medium', 'low', 'none'] as const satisfies Priority[];
export const ROLES = ['owner', 'admin', 'member', 'viewer'] as const satisfies Role[];

/** Whether `role` may do what takes at least `least`; the same order as `domain::Role`. */
export function atLeast(role: Role, least: Role): boolean {
  return ROLES.indexOf(role) <= ROLES.indexOf(least);
}
