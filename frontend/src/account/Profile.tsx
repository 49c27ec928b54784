import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useRef } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { api, unwrap } from '../api/client.ts';
import type { User } from '../api/types.ts';
import { NAME_MAX, nameProblem } from '../auth/rules.ts';
import { adoptUser } from '../auth/session.ts';
import { textOf, useForm } from '../auth/useForm.ts';
import { useDraft } from '../drafts/useDraft.ts';
import { readAnew } from '../live/readAnew.ts';
import { compared } from '../outcomes/compared.ts';
import { save, valueOf } from '../outcomes/save.ts';
import settings from '../settings/settings.module.css';
import { Button } from '../ui/Button.tsx';
import { explainFailure } from '../ui/explain.ts';
import { Field } from '../ui/Field.tsx';
import css from './account.module.css';

/** One's name, and the address that one signs in with. */
export function Profile({ user }: { user: User }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const draft = useDraft('account-name', { initial: user.name });
  const { busy, problem, errors, form } = useForm({
    check: (fields) => ({ name: nameProblem(textOf(fields, 'name')) }),
    send: async (fields) => {
      const typed = textOf(fields, 'name');
      const name = typed.trim();
      const result = await save<User>({
        what: t('account.yourName'),
        isQuiet: true,
        turn: user.id,
        send: () => unwrap(api.PATCH('/api/v1/me', { body: { name } })),
        check: async () => compared(await unwrap(api.GET('/api/v1/me')), user, { name }),
        done: (changed) => ({ text: t('account.nameSaved', { name: changed.name }) }),
      });
      return { typed, changed: valueOf(result) };
    },
    done: ({ typed, changed }) => {
      draft.settle(typed, { version: 0, text: changed.name });
      adoptUser(changed);
      void readAnew(client, ['team']);
    },
    refused: (why) => ({ name: why.at('/name') && t('rules.nameRefused') }),
  });
  /** Enter while an earlier name is on its way: this one is sent after it. */
  const isNext = useRef(false);
  const element = useRef<HTMLFormElement>(null);
  const sendNext = useEffectEvent(() => {
    if (busy || !isNext.current) return;
    isNext.current = false;
    if (draft.isDirty) element.current?.requestSubmit();
  });
  useEffect(() => sendNext(), [busy]);
  return (
    <section className={settings.section} aria-labelledby="profile">
      <h2 id="profile" className={settings.title}>
        {t('settings.profile')}
      </h2>
      <form
        ref={element}
        className={css.form}
        {...form}
        onSubmit={(event) => {
          isNext.current = busy;
          form.onSubmit(event);
        }}
      >
        <Field
          label={t('auth.name')}
          name="name"
          autoComplete="name"
          dir="auto"
          value={draft.text}
          onChange={(event) => draft.setText(event.target.value)}
          hint={t('account.nameHint', { most: NAME_MAX })}
          error={errors.name ?? (problem === null ? undefined : explainFailure(problem, (why) => t('account.nameNotSaved', { why })))}
          required
        />
        <div className={css.actions}>
          <Button type="submit" look="primary" busy={busy} disabled={!draft.isDirty}>
            {t('account.saveName')}
          </Button>
          {draft.isDirty && (
            <Button look="ghost" onClick={draft.discard}>
              {t('common.discard')}
            </Button>
          )}
        </div>
      </form>
      <dl className={settings.facts}>
        <dt>{t('auth.email')}</dt>
        <dd>{user.email}</dd>
      </dl>
    </section>
  );
}
