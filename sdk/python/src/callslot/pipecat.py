"""Slots for Pipecat: a pipeline starts, or its callers are let in, once the call has its slot.

`SlotProcessor` goes into the pipeline, right behind the transport's input. `run_with_slot` takes the slot before the
pipeline runs, for programs that have nothing to say to callers in line.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from pipecat.frames.frames import (
    CancelFrame,
    EndFrame,
    EndWorkerFrame,
    ErrorFrame,
    Frame,
    InputAudioRawFrame,
    InterruptionFrame,
    StartFrame,
    SystemFrame,
)
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from callslot.errors import CallslotError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from pipecat.pipeline.worker import PipelineWorker
    from pipecat.workers.runner import WorkerRunner

    from callslot.call import Call
    from callslot.client import Client
    from callslot.generated import schema


class SlotProcessor(FrameProcessor):
    """Takes a slot when the pipeline starts, and gives it back when the pipeline is done, cancelled or broken.

    Without `while_waiting` the `StartFrame` waits for the slot, so nothing downstream is started, and nothing is paid for,
    until then. Pipecat gives up after 20 s by default: make the worker with `start_timeout_secs=None`.

    With `while_waiting` the `StartFrame` passes, and `while_waiting(processor, call)` may push frames of its own, such as
    words with the call's `position`, until it is cancelled as the slot is there. Frames from upstream are held meanwhile
    and follow then; what the caller says is dropped.

    If there is no slot (`timeout`, `max_wait_s`, a refusal), `on_no_slot` runs, an `ErrorFrame` goes upstream, and the
    pipeline ends.
    """

    def __init__(
        self,
        slots: Client,
        agent: str,
        type: schema.CallType,
        *,
        id: str | None = None,
        timeout: float | None = None,
        max_wait_s: int | None = None,
        gates: Sequence[str] = (),
        metadata: dict[str, object] | None = None,
        while_waiting: Callable[[SlotProcessor, Call], Awaitable[None]] | None = None,
        on_no_slot: Callable[[SlotProcessor, CallslotError], Awaitable[None]] | None = None,
        on_lost: Callable[[Call], None] | None = None,
        **options: Any,
    ) -> None:
        """`id`, `timeout`, `max_wait_s`, `gates`, `metadata` and `on_lost` are as in `callslot.Client.call`."""
        super().__init__(**options)  # pyright: ignore[reportUnknownMemberType]
        self.call = slots.call(
            agent, type, id=id, gates=gates, max_wait_s=max_wait_s, metadata=metadata, on_lost=on_lost
        )
        """The call, with its `state` and `position`."""
        self._timeout = timeout
        self._while_waiting = while_waiting
        self._on_no_slot = on_no_slot
        self._waiting: asyncio.Task[None] | None = None
        self._held: list[tuple[Frame, FrameDirection]] = []
        self._is_in_line = True
        self._ending: asyncio.Task[None] | None = None

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Lets frames pass, but for what waits; see the class."""
        await super().process_frame(frame, direction)
        if isinstance(frame, StartFrame):
            await self._start(frame, direction)
            return
        if isinstance(frame, (CancelFrame, EndFrame)) and self._is_in_line:
            await self._leave_the_line()
        elif isinstance(frame, CancelFrame) or (isinstance(frame, ErrorFrame) and frame.fatal):
            self.call.release()
        if self._is_in_line and direction is FrameDirection.DOWNSTREAM:
            if isinstance(frame, InputAudioRawFrame):
                return
            if not isinstance(frame, SystemFrame):
                self._held.append((frame, direction))
                return
        await self.push_frame(frame, direction)

    async def cleanup(self) -> None:
        """Gives the slot back; Pipecat calls this once everything that was queued has been played."""
        self.call.release()
        if self._waiting:
            self._waiting.cancel()
        await super().cleanup()  # type: ignore[no-untyped-call]

    async def _start(self, frame: Frame, direction: FrameDirection) -> None:
        if self._while_waiting is None:
            if await self._wait():
                await self.push_frame(frame, direction)
            return
        await self.push_frame(frame, direction)
        self._waiting = asyncio.create_task(self._wait_with_words())

    async def _wait(self) -> bool:
        """Waits in line; whether there is a slot."""
        try:
            await self.call.begin()
            await self.call.wait(self._timeout)
        except CallslotError as error:
            if self.call.state != "ending":
                self.call.release()
                await self._end_without_slot(error)
            return False
        except BaseException:
            self.call.release()
            raise
        self._is_in_line = False
        return True

    async def _wait_with_words(self) -> None:
        assert self._while_waiting is not None
        words = asyncio.ensure_future(self._while_waiting(self, self.call))
        try:
            has_slot = await self._wait()
        finally:
            words.cancel()
            await asyncio.wait({words})
        if has_slot:
            await self.push_frame(InterruptionFrame())  # What was still to be said to somebody in line.
            held, self._held = self._held, []
            for frame, direction in held:
                await self.push_frame(frame, direction)

    async def _leave_the_line(self) -> None:
        self._is_in_line = False
        self._held.clear()
        self.call.release("hung up while waiting")
        if self._waiting:
            self._waiting.cancel()
            await asyncio.wait({self._waiting})

    async def _end_without_slot(self, error: CallslotError) -> None:
        self._is_in_line = False
        if self._on_no_slot is not None:
            await self._on_no_slot(self, error)
        await self.push_error(f"there is no slot: {error}", exception=error)
        if self._while_waiting is not None:
            await self.push_frame(EndWorkerFrame(), FrameDirection.UPSTREAM)
        else:
            # A pipeline that has not started ends no other way. Its end cancels this very task, so another one asks.
            self._ending = asyncio.create_task(self.pipeline_worker.cancel(reason="there is no slot"))


async def run_with_slot(
    slots: Client, runner: WorkerRunner, worker: PipelineWorker, agent: str, type: schema.CallType, **options: Any
) -> None:
    """Runs a pipeline under a slot: waits in line first, and gives the slot back when the pipeline is done.

    `options` are those of `Client.call`. Raises what entering `Client.call` raises; the pipeline has not run then.
    """
    async with slots.call(agent, type, **options):
        await runner.add_workers(worker)
        await runner.run()
