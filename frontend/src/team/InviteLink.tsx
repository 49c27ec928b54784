import { useRef, useState } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { Button } from '../ui/Button.tsx';
import { copyText } from '../ui/clipboard.ts';
import ui from '../ui/ui.module.css';
import css from './team.module.css';

type Copied = 'no' | 'yes' | 'by hand';

/** The link of an invitation, to copy. */
export function InviteLink({ link, email }: { link: string; email: string }) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState<Copied>('no');
  const copy = async () => {
    if (await copyText(link)) {
      setCopied('yes');
      return;
    }
    setCopied('by hand');
    field.current?.focus();
    field.current?.select();
  };
  return (
    <div className={css.made}>
      <p>{t('invitation.send', { email })}</p>
      <div className={css.link}>
        <input
          ref={field}
          className={ui.input}
          readOnly
          dir="ltr"
          value={link}
          aria-label={t('invitation.link')}
          onFocus={(event) => event.target.select()}
        />
        <Button onClick={() => void copy()}>{t(copied === 'yes' ? 'common.copied' : 'invitation.copy')}</Button>
      </div>
      <p className={ui.hint} role="status">
        {copied === 'yes' && t('invitation.copied')}
        {copied === 'by hand' && t('invitation.copyByHand')}
      </p>
    </div>
  );
}
