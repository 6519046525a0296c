// Calm type, one accent colour, contrast above 4.5 everywhere.
import type { ThemeConfig } from 'antd';

export const ACCENT = '#1d4f91';

export const theme: ThemeConfig = {
  token: {
    colorPrimary: ACCENT,
    colorInfo: ACCENT,
    colorLink: ACCENT,
    colorSuccess: '#1f7a4d',
    colorWarning: '#9a5b00',
    colorError: '#b3261e',
    colorWarningBg: '#fff8e8',
    colorWarningBorder: '#ecc98a',
    colorSuccessBg: '#eef8f2',
    colorSuccessBorder: '#a9d6bd',
    colorErrorBg: '#fdf0ef',
    colorErrorBorder: '#e9b4b0',
    colorInfoBg: '#eef3fa',
    colorInfoBorder: '#b9cbe6',
    colorTextSecondary: '#4b5563',
    colorTextTertiary: '#5b6472',
    colorTextDescription: '#4b5563',
    colorTextPlaceholder: '#667085',
    colorBgLayout: '#f5f6f8',
    borderRadius: 6,
    fontSize: 15,
    controlHeight: 36,
    fontFamily:
      '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", system-ui, sans-serif',
  },
  components: {
    Layout: { headerBg: '#ffffff', siderBg: '#ffffff', headerHeight: 56, headerPadding: '0 20px' },
    Menu: { itemBorderRadius: 6, itemHeight: 38, itemSelectedBg: '#e8eef7', itemSelectedColor: ACCENT },
    Table: { headerBg: '#f5f6f8', headerColor: '#344054', cellPaddingBlock: 12 },
    Descriptions: { labelBg: '#f8f9fb', labelColor: '#4b5563' },
    Card: { headerFontSize: 16 },
  },
};
