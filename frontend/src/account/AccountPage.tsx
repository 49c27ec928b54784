import { useTranslation } from 'react-i18next';
import type { User } from '../api/types.ts';
import shell from '../shell/shell.module.css';
import { Name } from './Name.tsx';
import { Password } from './Password.tsx';
import { Sessions } from './Sessions.tsx';

/** What one sees and changes of oneself. */
export default function AccountPage({ user }: { user: User }) {
  const { t } = useTranslation();
  return (
    <main className={shell.page}>
      <header className={shell.head}>
        <h1 className={shell.headTitle}>{t('account.title')}</h1>
      </header>
      <div className={shell.body}>
        <div className={shell.narrow}>
          <Name user={user} />
          <Password user={user} />
          <Sessions />
        </div>
      </div>
    </main>
  );
}
