# Runs pip itself with the words of the job.
import runpy

sys.argv = ["pip", *job["args"]]
runpy.run_module("pip", run_name="__main__", alter_sys=True)
