import { useTranslation } from '../i18n/index.ts';
import { unsavedWork, type UnsavedWork } from '../drafts/unsaved.ts';
import { Confirm } from '../ui/Confirm.tsx';
import { close } from '../ui/stage.ts';
import { signOutNow } from './leaving.ts';
import css from './shell.module.css';

const SHOWN = 5;

/** Says what would be lost. */
export default function SignOut() {
  const { t } = useTranslation();
  const work = unsavedWork();
  return (
    <Confirm
      title={t('signOut.title')}
      action={t('auth.signOut')}
      stay={t('signOut.stay')}
      because={() => t('errors.signOut')}
      onConfirm={signOutNow}
      onClose={close}
    >
      <p>{t('signOut.text')}</p>
      <Lost title={t('signOut.texts', { count: work.texts.length })} what={work.texts} />
      <Lost title={t('signOut.changes', { count: work.changes.length })} what={work.changes} />
    </Confirm>
  );
}

function Lost({ title, what }: { title: string; what: UnsavedWork['texts'] }) {
  const { t } = useTranslation();
  if (what.length === 0) return null;
  return (
    <div>
      <p>{title}</p>
      <ul className={css.lost}>
        {what.slice(0, SHOWN).map((one, n) => (
          <li key={n} dir="auto">
            {one}
          </li>
        ))}
        {what.length > SHOWN && <li>{t('signOut.more', { count: what.length - SHOWN })}</li>}
      </ul>
    </div>
  );
}
