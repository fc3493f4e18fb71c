import { join } from "node:path";
import type { Device } from "../../../engine/mod.ts";
import { removeAll } from "../../../disk.ts";
import { extendConfig } from "../../../training/config.ts";
import { DivergedError } from "../../../training/divergence.ts";
import { collectProvenance } from "../../../training/provenance.ts";
import { createRun } from "../../../training/run_folder.ts";
import { train } from "../../../training/train.ts";
import { type Evidence, examine } from "../examine.ts";
import { trained } from "../open_subject.ts";
import type { Link } from "../links.ts";
import { diagnose, type Diagnosis } from "../verdict.ts";
import { type Fault, FAULTS } from "./faults.ts";
import { openSystem, partsOf, rowsTask, type System, type SystemName, SYSTEMS } from "./systems.ts";

/** One system with one fault, or with none, and what the tool said. */
export interface Exhibit {
  /** `velocity-sign`, or `healthy`. */
  key: string;
  what: string;
  system: SystemName;
  seed: number;
  /** What the tool should say: null for a healthy system. */
  expected: Link | null;
  found: Link | null;
  hit: boolean;
  /** What the first suspect was named for. */
  because: string;
  /** Seconds of training, and of examining. */
  seconds: { training: number; examining: number };
  diagnosis: Diagnosis;
  evidence: Evidence;
}

/** Options of {@linkcode runMuseum}. */
export interface MuseumOptions {
  /** Where its runs are made and removed again. */
  folder: string;
  /** Faults by key; all by default. */
  faults?: readonly string[];
  /** Seeds of healthy systems, of each kind. */
  healthy?: readonly number[];
  /** Which systems; both by default. */
  systems?: readonly SystemName[];
  /** Seed of systems with faults. */
  seed?: number;
  /** Trains systems with faults that show early only that long. */
  brief?: boolean;
  onExhibit?: (exhibit: Exhibit) => void;
}

/** Plants every fault, trains, and lets the tool diagnose what it is not told. */
export async function runMuseum(device: Device, options: MuseumOptions): Promise<Exhibit[]> {
  const { healthy = [0, 1, 2, 3, 4], systems = SYSTEMS, seed = 0, onExhibit = () => {} } = options;
  const faults = FAULTS.filter(({ key, system }) =>
    (options.faults?.includes(key) ?? true) && systems.includes(system)
  );
  const exhibits: Exhibit[] = [];
  const show = async (system: System, seed: number, fault?: Fault) => {
    const exhibit = await runExhibit(device, { ...options, system, seed, fault });
    exhibits.push(exhibit);
    onExhibit(exhibit);
  };
  for (const name of systems) {
    const planted = faults.filter(({ system }) => system === name);
    for (const one of new Set([...healthy, ...(planted.length > 0 ? [seed] : [])])) {
      const system = await openSystem(device, name, one);
      try {
        if (healthy.includes(one)) await show(system, one);
        if (one !== seed) continue;
        for (const fault of planted) await show(system, one, fault);
      } finally {
        await system.dispose();
      }
    }
  }
  return exhibits;
}

async function runExhibit(
  device: Device,
  { system, seed, fault, folder, brief = false }: {
    system: System;
    seed: number;
    fault: Fault | undefined;
    folder: string;
    brief?: boolean;
  },
): Promise<Exhibit> {
  const path = join(folder, `museum-${fault?.key ?? "healthy"}-${system.name}-${seed}`);
  const right = partsOf(withFault(system, fault, brief));
  const model = fault?.model?.(right.model) ?? right.model;
  const task = rowsTask(fault?.learned?.(model) ?? model, right.config, {
    facts: system.facts,
    rows: right.rows,
  });
  const training = fault?.device?.(device) ?? device;
  await removeAll(path);
  const run = await createRun(
    path,
    right.config,
    await collectProvenance({
      command: "deno task diagnose --museum",
      engine: device.description,
      data: task.fingerprint,
    }),
  );
  try {
    const started = performance.now();
    const diverged = await train(task, run, training).then(
      async (result) => void await result.dispose(),
      (error) => {
        if (error instanceof DivergedError) return error.message;
        throw error;
      },
    );
    const between = performance.now();
    const subject = await trained(
      {
        ...right,
        model,
        guided: fault?.guided ?? right.guided,
        solve: fault?.solve?.(right.solve) ?? right.solve,
        codec: right.codec && (fault?.codec?.(right.codec) ?? right.codec),
        task,
      },
      run,
      diverged ?? undefined,
    );
    const { evidence } = await examine(device, subject, { samples: 16 });
    const diagnosis = diagnose(evidence), expected = fault?.link ?? null;
    return {
      key: fault?.key ?? "healthy",
      what: fault?.what ?? "nothing is wrong",
      system: system.name,
      seed,
      expected,
      found: diagnosis.first_suspect,
      hit: diagnosis.first_suspect === expected,
      because: diagnosis.because?.evidence ?? "",
      seconds: {
        training: (between - started) / 1000,
        examining: (performance.now() - between) / 1000,
      },
      diagnosis,
      evidence,
    };
  } finally {
    await removeAll(path);
  }
}

/** The system with other rows and settings, where the fault is one of those. */
function withFault(system: System, fault: Fault | undefined, brief: boolean): System {
  const { steps } = system.config;
  return {
    ...system,
    config: extendConfig(system.config, {
      steps: brief ? fault?.brief ?? steps : steps,
      ...fault?.config,
    }),
    rows: fault?.rows?.(system.rows) ?? system.rows,
  };
}
