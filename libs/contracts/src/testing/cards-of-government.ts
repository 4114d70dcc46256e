import type { LabourRate } from '../events.js';
import { ALL_BILLABLE, type PublishedCard, card, onWorkdays } from './published-card.js';

const DISCIPLINES = [
  'strategy-and-architecture',
  'business-change',
  'solution-development',
  'service-management',
  'procurement',
  'client-interface',
];

/** One day rate for each discipline and level of skill: a work type by a role. */
function dayRates(dayMinutes: number, levels: Readonly<Record<string, readonly number[]>>): readonly LabourRate[] {
  return Object.entries(levels).flatMap(([engineerRole, prices]) =>
    prices.map((price, index) => ({
      workType: DISCIPLINES[index] ?? null,
      engineerRole,
      pricePerHour: `${price}.00`,
      priceMinutes: dayMinutes,
    })),
  );
}

const GCLOUD_8 = {
  'level-3-apply': [619, 619, 660, 602, 602, 602],
  'level-4-enable': [773, 773, 715, 715, 715, 715],
  'level-5-ensure-or-advise': [894, 894, 825, 825, 825, 825],
  'level-6-initiate-or-influence': [1114, 1114, 1114, 1155, 1155, 1155],
};
const GCLOUD_12 = {
  'level-1-follow': [300, 300, 300, 300, 300, 300],
  'level-2-assist': [665, 665, 665, 665, 665, 665],
  'level-3-apply': [770, 770, 708, 708, 770, 708],
  'level-4-enable': [935, 935, 823, 823, 935, 823],
  'level-5-ensure-or-advise': [1115, 1115, 1004, 1004, 1115, 1004],
  'level-6-initiate-or-influence': [1285, 1285, 1182, 1182, 1285, 1182],
  'level-7-set-strategy': [1500, 1500, 1380, 1380, 1500, 1380],
};

/** G-Cloud 8, attachment 5, SCC: day rates of 7.5 hours by discipline and level; premiums outside 09:00-17:30. */
const gcloud8: PublishedCard = {
  id: 'gcloud8_scc_sfia_gbp_per_day',
  address: 'https://wixlib.com/document/3f45b_g-cloud-8-attachment-5-rate-card-template-scc.html',
  remarks: [
    'Levels 1, 2 and 7 are left out: the stored table was ambiguous.',
    'Only two national holidays are listed, as examples.',
  ],
  workTypes: DISCIPLINES,
  engineerRoles: Object.keys(GCLOUD_8),
  plans: [
    {
      plan: 'G-Cloud 8',
      terms: {
        timeZone: 'Europe/London',
        rateCalendar: {
          hours: onWorkdays({ opens: '09:00', closes: '17:30' }),
          holidays: [
            { date: '2026-01-01', name: "New Year's Day" },
            { date: '2026-12-25', name: 'Christmas Day' },
          ],
        },
        coverage: ALL_BILLABLE,
        rateCard: card(
          {
            id: 'gcloud-8',
            name: 'G-Cloud 8 SFIA day rates',
            currency: 'GBP',
            labour: dayRates(450, GCLOUD_8),
            rateClassMultipliers: [
              { rateClass: 'after-hours', multiplier: '1.33' },
              { rateClass: 'weekend', multiplier: '1.5' },
              { rateClass: 'holiday', multiplier: '2' },
            ],
          },
          'VAT',
        ),
      },
    },
  ],
};

/** G-Cloud 12, RM1557.12: day rates of 8 hours by discipline and level. */
const gcloud12: PublishedCard = {
  id: 'gcloud12_sfia_gbp_per_day',
  address: 'https://www.scribd.com/document/492074806/',
  remarks: ['Premiums out of hours are not in the stored text, so there are none.'],
  workTypes: DISCIPLINES,
  engineerRoles: Object.keys(GCLOUD_12),
  plans: [
    {
      plan: 'G-Cloud 12',
      terms: {
        timeZone: 'Europe/London',
        coverage: ALL_BILLABLE,
        rateCard: card(
          {
            id: 'gcloud-12',
            name: 'G-Cloud 12 SFIA day rates',
            currency: 'GBP',
            labour: dayRates(480, GCLOUD_12),
          },
          'VAT',
        ),
      },
    },
  ],
};

export const CARDS_OF_GOVERNMENT: readonly PublishedCard[] = [gcloud8, gcloud12];
