"""A real Pipecat pipeline, with its own worker and runner."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("pipecat")

from pipecat.frames.frames import EndFrame, ErrorFrame, Frame, InputAudioRawFrame, StartFrame, TextFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineWorker
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.workers.runner import WorkerRunner

import callslot
from callslot.pipecat import SlotProcessor, run_with_slot

from conftest import World, until


class Sink(FrameProcessor):
    """What is downstream: it notes what it is given, and breaks when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        if isinstance(frame, TextFrame):
            self.seen.append(frame.text)
            if frame.text == "break":
                await self.push_error_frame(ErrorFrame("broken", fatal=True))
        elif isinstance(frame, (StartFrame, EndFrame, InputAudioRawFrame)):
            self.seen.append(type(frame).__name__)
        await self.push_frame(frame, direction)


class Show:
    """A pipeline with a slot processor, and the task that runs it."""

    def __init__(self, slots: callslot.Client, **options: Any) -> None:
        self.sink = Sink()
        self.slot = SlotProcessor(slots, "support", "webcall", id="show", **options)
        self.worker = PipelineWorker(
            Pipeline([self.slot, self.sink]),
            start_timeout_secs=None,
            cancel_on_idle_timeout=False,
            enable_rtvi=False,
        )

    async def run(self) -> None:
        runner = WorkerRunner(handle_sigint=False)
        await runner.add_workers(self.worker)
        await runner.run()

    def begin(self) -> asyncio.Task[None]:
        return asyncio.create_task(self.run())


async def end(show: Show) -> None:
    await show.worker.queue_frame(EndFrame())


async def cancel(show: Show) -> None:
    await show.worker.cancel()


async def break_down(show: Show) -> None:
    await show.worker.queue_frame(TextFrame("break"))


@pytest.mark.parametrize("finish", [end, cancel, break_down])
async def test_a_pipeline_has_a_slot_until_it_is_over(world: World, finish: Callable[[Show], Any]) -> None:
    async with world.client() as slots:
        show = Show(slots)
        running = show.begin()
        await until(lambda: "StartFrame" in show.sink.seen)
        await show.worker.queue_frame(TextFrame("hello"))
        await until(lambda: "hello" in show.sink.seen)
        assert (await world.call("show"))["state"] == "active"
        await finish(show)
        await asyncio.wait_for(running, 20)
        await until(lambda: world.is_over("show"))
        assert (await world.call("show"))["reason"] == "completed"


async def test_the_start_waits_for_the_slot_and_frames_wait_behind_it(world: World) -> None:
    async with world.client() as slots:
        held = [await slots.start("support", "chat") for _ in range(2)]
        show = Show(slots)
        running = show.begin()
        await until(lambda: show.slot.call.state == "queued")
        assert show.sink.seen == []
        await held[0].end()
        await until(lambda: "StartFrame" in show.sink.seen)
        await show.worker.queue_frame(TextFrame("hello"))
        await end(show)
        await asyncio.wait_for(running, 20)
        assert show.sink.seen == ["StartFrame", "hello", "EndFrame"]


@pytest.mark.parametrize("with_words", [False, True])
async def test_a_pipeline_that_is_cancelled_while_it_waits_leaves_the_line(world: World, with_words: bool) -> None:
    async def say(processor: SlotProcessor, call: callslot.Call) -> None:
        await asyncio.sleep(3600)

    async with world.client() as slots:
        for _ in range(2):
            await slots.start("support", "chat")
        show = Show(slots, while_waiting=say if with_words else None)
        running = show.begin()
        await until(lambda: show.slot.call.state == "queued")
        await cancel(show)
        await asyncio.wait_for(running, 20)
        await until(lambda: world.is_over("show"))
        assert (await world.call("show"))["reason"] == "canceled"


async def test_callers_in_line_hear_words_and_are_not_heard(world: World) -> None:
    async def say(processor: SlotProcessor, call: callslot.Call) -> None:
        await processor.push_frame(TextFrame(f"you are number {call.position or 1}"))
        await asyncio.sleep(3600)

    async with world.client() as slots:
        held = [await slots.start("support", "chat") for _ in range(2)]
        show = Show(slots, while_waiting=say)
        running = show.begin()
        await until(lambda: "you are number 1" in show.sink.seen)
        await show.worker.queue_frame(InputAudioRawFrame(b"\0\0", 16_000, 1))
        await show.worker.queue_frame(TextFrame("for later"))
        await asyncio.sleep(0.2)
        assert show.sink.seen == ["StartFrame", "you are number 1"]
        await held[0].end()
        await until(lambda: "for later" in show.sink.seen)
        await show.worker.queue_frame(InputAudioRawFrame(b"\0\0", 16_000, 1))
        await end(show)
        await asyncio.wait_for(running, 20)
        assert show.sink.seen[2:] == ["for later", "InputAudioRawFrame", "EndFrame"]


@pytest.mark.parametrize("with_words", [False, True])
async def test_no_slot_ends_the_pipeline(world: World, with_words: bool) -> None:
    reasons: list[str] = []

    async def say(processor: SlotProcessor, call: callslot.Call) -> None:
        await asyncio.sleep(3600)

    async def on_no_slot(processor: SlotProcessor, error: callslot.CallslotError) -> None:
        assert isinstance(error, callslot.CallEnded)
        reasons.append(error.reason)

    async with world.client() as slots:
        for _ in range(2):
            await slots.start("support", "chat")
        show = Show(slots, max_wait_s=1, on_no_slot=on_no_slot, while_waiting=say if with_words else None)
        await asyncio.wait_for(asyncio.shield(show.begin()), 10)
        assert reasons == ["max_wait"]


async def test_the_runner_waits_before_the_pipeline_runs(world: World) -> None:
    async with world.client() as slots:
        sink = Sink()
        worker = PipelineWorker(Pipeline([sink]), cancel_on_idle_timeout=False, enable_rtvi=False)
        runner = WorkerRunner(handle_sigint=False)
        held = [await slots.start("support", "chat") for _ in range(2)]
        running = asyncio.create_task(run_with_slot(slots, runner, worker, "support", "webcall", id="run"))
        await until(lambda: world.live_has("run"))
        assert sink.seen == []
        await held[0].end()
        await until(lambda: sink.seen == ["StartFrame"])
        await worker.queue_frame(EndFrame())
        await asyncio.wait_for(running, 20)
        await until(lambda: world.is_over("run"))


async def test_no_slot_is_leaked_in_many_pipelines(world: World) -> None:
    async def one(slots: callslot.Client, number: int) -> None:
        sink = Sink()
        slot = SlotProcessor(slots, "support", "webcall", id=f"p{number}")
        worker = PipelineWorker(
            Pipeline([slot, sink]), start_timeout_secs=None, cancel_on_idle_timeout=False, enable_rtvi=False
        )
        runner = WorkerRunner(handle_sigint=False)
        await runner.add_workers(worker)
        running = asyncio.create_task(runner.run())
        await until(lambda: "StartFrame" in sink.seen, 60)
        await (worker.cancel() if number % 2 else worker.queue_frame(EndFrame()))
        await asyncio.wait_for(running, 30)

    async with world.client() as slots:
        await asyncio.gather(*(one(slots, number) for number in range(30)))
        await until(lambda: _nothing(world))


async def _nothing(world: World) -> bool:
    return await world.live() == []
