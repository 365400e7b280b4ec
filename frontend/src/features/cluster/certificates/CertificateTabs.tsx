import { Link } from '@tanstack/react-router';
import { useI18n } from '~/locales';
import css from './CertificateTabs.module.css';

/** Two views of the same truth: what was issued, and what is served. */
export function CertificateTabs() {
  const { t } = useI18n();
  return (
    <nav className={css.tabs} aria-label={t.cluster.certificates}>
      <Link to="/certificates" activeProps={{ 'aria-current': 'page' }} activeOptions={{ includeSearch: false }}>
        {t.hosts.issuedTab}
      </Link>
      <Link to="/hosts" activeProps={{ 'aria-current': 'page' }} activeOptions={{ includeSearch: false }}>
        {t.hosts.servedTab}
      </Link>
    </nav>
  );
}
