import { useTranslation } from '../i18n/index.ts';
import { atLeast, ROLES, type Role, type Team } from '../api/types.ts';
import { emailProblem } from '../auth/rules.ts';
import { textOf, useForm } from '../auth/useForm.ts';
import { getDraft } from '../drafts/drafts.ts';
import { useDraft } from '../drafts/useDraft.ts';
import { invitationCreated } from '../outcomes/created.ts';
import { valueOf } from '../outcomes/save.ts';
import { Button } from '../ui/Button.tsx';
import { Field } from '../ui/Field.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Menu, MenuChoice } from '../ui/Menu.tsx';
import { useInvitationActions, whyNotInvited } from './invitations.ts';
import css from './team.module.css';

/** The address stays in its field until the invitation exists. */
export function InviteForm({ team }: { team: Team }) {
  const { t } = useTranslation();
  const { invite } = useInvitationActions(team);
  const scope = `invite:${team.key}`;
  const draft = useDraft(scope);
  const role = roleOf(draft.extra, team);
  const { busy, problem, errors, form } = useForm({
    check: (fields) => ({ email: emailProblem(textOf(fields, 'email')) }),
    send: async (fields) => {
      const text = textOf(fields, 'email');
      const email = text.trim();
      const from = { scope, draft: getDraft(scope) ?? { text } };
      valueOf(await invite(email, role, invitationCreated(email), from));
      return text;
    },
    done: (sent) => draft.settle(sent, { version: 0, text: '' }),
    refused: (why) => ({ email: whyNotInvited(why) }),
  });
  return (
    <form className={css.invite} {...form}>
      <Field
        label={t('invitation.email')}
        name="email"
        type="email"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        placeholder={t('invitation.emailHint')}
        value={draft.text}
        onChange={(event) => draft.setText(event.target.value)}
        error={errors.email ?? (problem === null ? undefined : whyNotInvited(problem))}
        required
      />
      <Menu
        trigger={
          <Button aria-label={t('invitation.as', { role: t(`role.${role}`) })}>
            {t(`role.${role}`)} <Icon name="down" size={12} />
          </Button>
        }
      >
        <MenuChoice
          label={t('team.role')}
          value={role}
          options={ROLES.filter((one) => atLeast(team.role, one)).map((value) => ({ value, text: t(`role.${value}`) }))}
          onChange={(value) => draft.setExtra({ role: value })}
        />
      </Menu>
      <Button type="submit" look="primary" busy={busy}>
        {t('invitation.invite')}
      </Button>
    </form>
  );
}

function roleOf(extra: unknown, team: Team): Role {
  const role = typeof extra === 'object' && extra !== null && 'role' in extra ? ROLES.find((one) => one === extra.role) : undefined;
  return role !== undefined && atLeast(team.role, role) ? role : 'member';
}
