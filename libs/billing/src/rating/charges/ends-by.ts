/** What somebody can do that ends a gap, where its cause alone does not say how. A cause is stored and names no surface: whoever tells of the gap puts this in the words of theirs. */
export type EndsGap =
  /** Hours are returned whose money went back, or that nothing can draw. */
  | { readonly by: 'return-block'; readonly contractId: string; readonly blockId: string }
  /** A version has the milestone again, or the declaration is withdrawn. */
  | { readonly by: 'restate-milestone'; readonly contractId: string; readonly milestoneId: string }
  /** A document of the period carries what work of these tickets gives back. */
  | { readonly by: 'draft-tickets'; readonly ticketIds: readonly string[] };
