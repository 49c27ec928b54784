/** The sections of the settings, and their addresses: `/t/ops/settings/members`, `/account/password`. */
export const TEAM_SECTIONS = ['team', 'members', 'invitations', 'labels'] as const;
export const ACCOUNT_SECTIONS = ['profile', 'password', 'sessions', 'appearance'] as const;

export type TeamSection = (typeof TEAM_SECTIONS)[number];
export type AccountSection = (typeof ACCOUNT_SECTIONS)[number];

export function settingsPath(team: string, section: TeamSection = 'members'): string {
  return `/t/${team}/settings/${section}`;
}

export function accountPath(section: AccountSection = 'profile'): string {
  return `/account/${section}`;
}

export function isTeamSection(name: string | undefined): name is TeamSection {
  return (TEAM_SECTIONS as readonly (string | undefined)[]).includes(name);
}

export function isAccountSection(name: string | undefined): name is AccountSection {
  return (ACCOUNT_SECTIONS as readonly (string | undefined)[]).includes(name);
}
