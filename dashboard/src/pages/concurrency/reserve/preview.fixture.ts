import type { ReservationsPreview } from "../../../domain";

/** What the server says of reservations that change nothing for anybody, but for what is said here. */
export function previewOf(some: Partial<ReservationsPreview>): ReservationsPreview {
  return {
    fits: true,
    problem: null,
    starts: [],
    first_starts: [],
    waits_longer: [],
    settling: 0,
    over_reservation: [],
    shared_after: 4,
    ...some,
  };
}
