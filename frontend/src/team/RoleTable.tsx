import { useTranslation } from '../i18n/index.ts';
import { ROLES } from '../api/types.ts';
import css from './team.module.css';

/** What each role may do, for those who give roles. */
export function RoleTable() {
  const { t } = useTranslation();
  return (
    <details className={css.roles}>
      <summary>{t('team.whatRolesMay')}</summary>
      <dl>
        {ROLES.map((role) => (
          <div key={role}>
            <dt>{t(`role.${role}`)}</dt>
            <dd>{t(`roleText.${role}`)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
