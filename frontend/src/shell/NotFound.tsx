import { useTranslation } from '../i18n/index.ts';
import { Link } from 'wouter';
import type { Team } from '../api/types.ts';
import { Empty } from '../ui/States.tsx';
import ui from '../ui/ui.module.css';
import { tasksPath } from './address.ts';
import css from './shell.module.css';

interface Props {
  /** The key in the address that isn't one of the viewer's teams. */
  unknownTeam?: string | undefined;
  /** Where to go on. */
  home: Team | undefined;
}

/** Says that nothing is at this address, and where to go on. */
export default function NotFound({ unknownTeam, home }: Props) {
  const { t } = useTranslation();
  return (
    <main className={css.page}>
      <Empty
        isPage
        icon="search"
        title={t(unknownTeam === undefined ? 'notFound.title' : 'team.unknown')}
        text={unknownTeam === undefined ? t('notFound.text') : t('team.unknownText', { team: unknownTeam })}
        action={
          <Link href={home === undefined ? '/' : tasksPath(home.key, 'board')} className={`${ui.button} ${ui.primary}`}>
            {home === undefined ? t('notFound.toHome') : t('notFound.toBoard', { team: home.name })}
          </Link>
        }
      />
    </main>
  );
}
