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
    colorBgLayout: '#f6f7f9',
    colorBorderSecondary: '#e6e8ed',
    borderRadius: 6,
    borderRadiusLG: 10,
    fontSize: 15,
    controlHeight: 36,
    fontFamily:
      '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", system-ui, sans-serif',
  },
  components: {
    Layout: { headerBg: '#ffffff', siderBg: '#f6f7f9', bodyBg: '#f6f7f9', headerHeight: 56, headerPadding: '0 20px' },
    Menu: {
      itemBg: 'transparent', itemBorderRadius: 6, itemHeight: 34, itemMarginBlock: 1, itemSelectedBg: '#e3ebf6', itemSelectedColor: ACCENT,
      groupTitleColor: '#5b6472', groupTitleFontSize: 13, groupTitleLineHeight: 1.4,
    },
    Table: { headerBg: '#ffffff', headerColor: '#5b6472', headerSplitColor: 'transparent', borderColor: '#eceef2', rowHoverBg: '#f8f9fb', cellPaddingBlock: 11, cellPaddingBlockMD: 11 },
    Tag: { defaultBg: '#f3f4f6' },
    Descriptions: { labelBg: 'transparent', labelColor: '#4b5563' },
    Card: { headerFontSize: 16, headerFontSizeSM: 15, bodyPaddingSM: 16, headerPaddingSM: 16 },
  },
};
