from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

from bs4 import BeautifulSoup

from kernel.web.route import Lane, RouteEvent, rails, score


def event(day, lane, *, plan=False, now=False):
    at = datetime(2026, 11, 1, 12, tzinfo=UTC) + timedelta(days=day)
    return RouteEvent(at=at, lane=lane, title=f"{lane} {day}", is_planned=plan, is_now=now)


STORY = [
    event(0, Lane.MONEY),
    event(1, Lane.COVER),
    event(1, Lane.GOODS),
    event(5, Lane.GATE),
    event(7, Lane.GOODS, now=True),
    event(8, Lane.GOODS, plan=True),
    event(8, Lane.COVER, plan=True),
    event(22, Lane.MONEY, plan=True),
]


def test_the_newest_stands_on_top_and_plans_above_it():
    rows = rails(STORY)
    assert [row.title for row in rows[:2]] == ["money 22", "goods 8"]
    assert [row.is_planned for row in rows] == [True, True, True, False, False, False, False, False]


def test_of_one_instant_what_came_out_of_the_other_stands_above():
    asked, refused = event(3, Lane.GOODS), event(3, Lane.GATE)
    story = [event(3, Lane.MONEY), asked, refused, event(3, Lane.COVER)]
    assert [row.title for row in rails(story)] == ["money 3", "gate 3", "goods 3", "cover 3"]


def test_each_rail_begins_and_ends_with_its_own_events():
    rows = rails(STORY)
    goods = [row.cuts[0] for row in rows]
    assert goods == ["off", "from next", "next", "", "", "", "till", "off"]
    assert rows[0].cuts == ("off", "from next", "off")
    assert rows[-1].cuts == ("off", "till", "off")


def test_a_score_has_a_column_for_every_day_and_turns_at_today():
    chart = score(STORY, today=date(2026, 11, 8))
    assert len(chart.days) == 23
    assert chart.today == 9
    goods = [part for part in chart.parts if part.lane == "lane-goods"]
    assert [(p.first, p.last, p.is_planned) for p in goods] == [(3, 9, False), (9, 10, True)]


def test_a_story_that_goes_on_without_a_day_in_sight_runs_to_today():
    begun = [event(0, Lane.MONEY), event(1, Lane.GOODS, now=True)]

    assert score(begun, today=date(2026, 11, 20)).today is None, "it is over"
    chart = score(begun, today=date(2026, 11, 20), goes_on=True)
    assert (len(chart.days), chart.today) == (20, 21)
    (money,) = [part for part in chart.parts if part.lane == "lane-money"]
    assert (money.first, money.last, money.is_planned) == (2, 21, False)


def test_a_long_story_shows_its_last_forty_days():
    long = [event(0, Lane.MONEY), event(90, Lane.MONEY, plan=True)]
    chart = score(long, today=date(2026, 11, 1))
    assert len(chart.days) == 40
    assert chart.today is None


def test_a_month_is_named_only_where_its_name_has_room_beside_the_ends():
    def named(first: str, length: int = 39) -> list[str]:
        begins = datetime.fromisoformat(f"{first}T12:00+00:00")
        ends = begins + timedelta(days=length)
        events = [RouteEvent(at=at, lane=Lane.GOODS, title="x") for at in (begins, ends)]
        days = score(events, today=begins.date()).days
        return [str(day.on) for day in days if day.is_named]

    assert named("2026-12-25") == ["2026-12-25", "2027-02-02"]
    assert named("2026-12-12") == ["2026-12-12", "2027-01-01", "2027-01-20"]
    # Four of sixteen days are no room for "25. Feb." on a narrow phone.
    assert named("2026-02-25", 16) == ["2026-02-25", "2026-03-13"]


def test_a_day_is_named_once_whatever_clock_an_event_came_with(app):
    late = datetime(2026, 11, 5, 20, tzinfo=UTC)
    there = late.astimezone(timezone(timedelta(hours=8)))
    rows = rails(
        [
            RouteEvent(at=late, lane=Lane.MONEY, title="by the clock of UTC"),
            RouteEvent(at=there, lane=Lane.GOODS, title="by the clock of the carrier"),
        ]
    )

    with app.test_request_context("/en/"):
        env = app.extensions["entrepot_templates"]
        printed = env.get_template("shell/components/journeys.html").make_module({}).rails(rows)

    assert len(BeautifulSoup(str(printed), "html.parser").select(".day")) == 1


def test_words_on_a_line_of_the_score_never_run_into_each_other():
    near = [replace(event(day, Lane.GOODS), word=f"Harbour number {day}") for day in (0, 1, 12)]
    money = replace(event(1, Lane.MONEY), word="held")
    chart = score([*near, money, event(22, Lane.MONEY, plan=True)], today=date(2026, 11, 8))

    words = [mark.word for mark in chart.marks]
    assert words == ["Harbour number 0", "", "Harbour number 12", "held", ""]


def test_what_is_to_come_keeps_its_word_beside_what_was():
    was = replace(event(7, Lane.GOODS), word="Leipzig")
    comes = replace(event(8, Lane.GOODS, plan=True), word="your door")
    story = [event(0, Lane.GOODS), was, comes, event(22, Lane.MONEY, plan=True)]
    chart = score(story, today=date(2026, 11, 8))

    words = [mark.word for mark in chart.marks]
    assert words == ["", "", "your door", ""]
