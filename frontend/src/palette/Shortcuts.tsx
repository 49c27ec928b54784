import { useTranslation } from '../i18n/index.ts';
import { Keys } from '../ui/Chips.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { setSingleKeys, singleKeys } from '../ui/keys.ts';
import { close } from '../ui/stage.ts';
import { useStore } from '../ui/useStore.ts';
import { COMMANDS, type Group } from './commands.ts';
import css from './palette.module.css';

const GROUPS: readonly Group[] = ['create', 'task', 'go', 'view'];

/** Keys that belong to a place instead of a command. */
const PLACES = [
  ['arrows', '↑ ↓ ← →'],
  ['nextPrevious', 'j k'],
  ['open', 'Enter'],
  ['selectOne', 'Ctrl+Click'],
  ['selectRange', 'Shift+Click'],
  ['lift', 'Space'],
  ['save', 'Ctrl+Enter'],
  ['indent', 'Tab'],
  ['leave', 'Esc Tab'],
  ['close', 'Esc'],
] as const;

export default function Shortcuts() {
  const { t } = useTranslation();
  const hasSingleKeys = useStore(singleKeys, (isOn) => isOn);
  return (
    <Dialog title={t('command.shortcuts')} onClose={close}>
      <div className={css.sheet}>
        <section className={css.sheetGroup}>
          <h3 className={css.sheetTitle}>{t('commandGroup.everywhere')}</h3>
          <dl>
            {PLACES.map(([name, keys]) => (
              <div key={name} className={css.shortcut}>
                <dt>{t(`places.${name}`)}</dt>
                <dd>
                  <Keys keys={keys} />
                </dd>
              </div>
            ))}
          </dl>
        </section>
        {GROUPS.map((group) => (
          <section key={group} className={css.sheetGroup}>
            <h3 className={css.sheetTitle}>{t(`commandGroup.${group}`)}</h3>
            <dl>
              {COMMANDS.filter((one) => one.group === group && one.keys !== undefined).map((one) => (
                <div key={one.id} className={css.shortcut}>
                  <dt>{t(`command.${one.id}`)}</dt>
                  <dd>
                    <Keys keys={one.keys ?? ''} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <label className={css.singleKeys}>
        <input type="checkbox" checked={hasSingleKeys} onChange={(event) => setSingleKeys(event.target.checked)} />
        {t('shortcuts.singleKeys')}
      </label>
    </Dialog>
  );
}
