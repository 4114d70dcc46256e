/** What a configuration starts from: it says what holds where none is published, and lacks the name, which nobody else can give. */
export const CONFIGURATION_EXAMPLE = `# yaml-language-server: $schema=docs/schemas/configuration.schema.json
# The configuration of your organisation (docs/configuration.md tells every section). Name it, correct what is
# not so, and publish: npm run -s billtrail -- config publish FILE
organisation:
  name:              # as it stands on invoices
  taxId: null        # ABN or VAT id, in quotes
  address: null
  currency: AUD
  timeZone: Australia/Sydney
taxRates:            # percent by tax category; contracts name the category
  GST: '10'
  GST-FREE: '0'
invoiceSeries: { series: INV, prefix: INV-, digits: 6 }
unbilledAfterDays: 14
quickQuestionMinutes: 15
materialWords:       # words in a ticket that name a part, and what one is assumed to cost
  - { word: cable, assumedPrice: { amount: '15.00', currency: AUD } }
  - { word: SSD, assumedPrice: { amount: '120.00', currency: AUD } }
  - { word: licence, assumedPrice: { amount: '180.00', currency: AUD } }
  - { word: toner, assumedPrice: { amount: '95.00', currency: AUD } }
assumedPricePerHour: null   # of an hour of work that nobody recorded
assumedMinutesPerTicket: 60
secondPersonAbove: { amount: '500.00', currency: AUD }
# Your own rates from day to day. Contracts name them (rateCard: { card: standard }); another version is another entry.
# rateCards:
#   standard:
#     versions:
#       - from: 2026-01-01
#         taxCategory: GST
#         labour: [{ pricePerHour: '150.00' }, { workType: onsite, pricePerHour: '170.00' }]
#         incrementMinutes: 15
`;
