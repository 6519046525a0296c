// Chinese and English, on every page; the page stays as it is.
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { speak } from '../words';

export function LanguageSwitch() {
  const { t, i18n } = useTranslation();
  const other = i18n.language === 'en' ? 'zh-CN' : 'en';
  return (
    <Button type="text" onClick={() => speak(other)} lang={other} aria-label={t('language.other')}>
      {t('language.other')}
    </Button>
  );
}
