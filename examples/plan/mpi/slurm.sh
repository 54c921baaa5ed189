#!/bin/bash
# A plan on a Slurm cluster: 64 processes simulate, the first of them writes. The folder must lie on a file system that all
# nodes see. A job that hits its time limit is submitted again as it is: what the store holds is not simulated anew.
#   sbatch examples/plan/mpi/slurm.sh examples/plan/national-cloud/problem.yaml /shared/plans/national-cloud
#SBATCH --job-name=kvsim-plan
#SBATCH --ntasks=64
#SBATCH --cpus-per-task=1
#SBATCH --mem-per-cpu=2G
#SBATCH --time=04:00:00
#SBATCH --signal=INT@120
set -euo pipefail
problem=$1
out=$2
# Slurm with PMIx starts the processes itself; elsewhere `mpirun` does, inside of the same allocation.
exec srun --mpi=pmix build/kvsim plan "$problem" --out "$out"
