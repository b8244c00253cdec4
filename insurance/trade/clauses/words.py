"""What sets of clauses, perils and sample losses are called."""

from __future__ import annotations

from insurance.trade.clauses.rules import ClauseSet, Peril, Sample
from kernel.text import N_

# What stands above a column; the names of the wordings themselves are data.
SHORT: dict[ClauseSet, str] = {
    ClauseSet.ICC_A: N_("ICC (A)"),
    ClauseSet.ICC_B: N_("ICC (B)"),
    ClauseSet.ICC_C: N_("ICC (C)"),
    ClauseSet.ALL_RISKS: N_("PICC All Risks"),
    ClauseSet.WPA: N_("PICC WPA"),
    ClauseSet.FPA: N_("PICC FPA"),
    ClauseSet.WAR: N_("War"),
    ClauseSet.STRIKES: N_("Strikes"),
}

SAMPLES: dict[Sample, str] = {
    Sample.FIRE_ON_BOARD: N_("A fire breaks out on the ship and burns part of your cargo."),
    Sample.STORM_IN_THE_HOLD: N_(
        "In a storm, seawater gets into the hold and soaks half of your cartons."
    ),
    Sample.RAIN_ON_THE_QUAY: N_("Your crates stand open on the quay, and rain ruins a few."),
    Sample.CRATE_IN_THE_HARBOUR: N_(
        "While the ship is unloaded, a crane drops one crate into the harbour."
    ),
    Sample.CARTONS_STOLEN: N_("Thieves open the container at the port and take three cartons."),
    Sample.SHARE_IN_A_RESCUE: N_(
        "The ship is saved at great cost. Your cargo is unharmed, but you have to pay a share."
    ),
    Sample.SEASON_OVER: N_("The ship arrives five weeks late, and the season is over."),
    Sample.LOOSELY_PACKED: N_("The teapots were packed too loosely and break on a calm trip."),
    Sample.MISSILE: N_("The ship sails past a war and is hit by a missile."),
    Sample.RIOT_AT_THE_PORT: N_("Rioters break into the port and smash your crates."),
}

PERILS: dict[Peril, str] = {
    Peril.FIRE: N_("Fire or explosion"),
    Peril.STRANDING: N_("Ship stranded, sunk or capsized"),
    Peril.OVERTURNING: N_("Truck overturned or train derailed"),
    Peril.COLLISION: N_("Collision"),
    Peril.PORT_OF_DISTRESS: N_("Unloading at a port of distress"),
    Peril.SACRIFICE: N_("Cargo given up to save ship and cargo"),
    Peril.JETTISON: N_("Cargo thrown overboard"),
    Peril.GENERAL_AVERAGE: N_("Your share in general average and salvage"),
    Peril.EARTHQUAKE: N_("Earthquake, volcano or lightning"),
    Peril.WASHED_OVERBOARD: N_("Cargo washed overboard"),
    Peril.SEAWATER: N_("Seawater in the hold or container"),
    Peril.DROPPED_OVERBOARD: N_("Package dropped into the water while loading or unloading"),
    Peril.RAIN: N_("Rain and other fresh water"),
    Peril.BREAKAGE: N_("Breakage by rough handling"),
    Peril.THEFT: N_("Theft, or packages that never arrive"),
    Peril.MALICE: N_("Damage on purpose by others"),
    Peril.WAR: N_("War, civil war or capture"),
    Peril.MINE: N_("Drifting mines and torpedoes"),
    Peril.STRIKES: N_("Strikes, riots and unrest"),
    Peril.TERRORISM: N_("Terrorism"),
    Peril.DELAY: N_("Delay and a lost market"),
    Peril.PACKING: N_("Packing that wasn't good enough"),
    Peril.LEAKAGE: N_("Ordinary leakage, loss of weight, wear and tear"),
    Peril.INHERENT_VICE: N_("What the cargo does on its own: rot, rust, heat"),
    Peril.WILFUL: N_("What you do on purpose"),
}
